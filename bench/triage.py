"""Topics of headlines, learned and told: Liaison beside scikit-learn on the same features in the same sitting.

Every fifth headline is held out (by its place in the file). Packs and models are timed together on texts as long as
mails, with as many classes as a busy desk has.
"""

import csv
import json
import os
import pathlib
import subprocess
import time


def measure(report, folder, arguments):
    file = pathlib.Path(os.environ.get("LIAISON_CORPORA", "../shared/data")) / "news/uci-news/dev.csv"
    if not file.exists():
        report.note(f"triage: {file} is not here")
        return
    with file.open(newline="") as rows:
        texts = [(row["CATEGORY"], " ".join(row["TITLE"].split())) for row in csv.DictReader(rows)]
    held, known = texts[::5], [text for place, text in enumerate(texts) if place % 5]
    write(folder / "train.tsv", known)
    write(folder / "test.tsv", held)
    mails = [" ".join(words for _, words in texts[start : start + 30]) for start in range(0, len(texts) - 30, 3)]
    (folder / "mails.txt").write_text("\n".join(mails) + "\n")
    own = None if report.peers_only else trial(folder)
    try:
        from sklearn.datasets import load_svmlight_files
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import f1_score
    except ImportError:
        report.note("triage: scikit-learn is not installed; the peer is missing")
        return
    if own is None:
        return
    train, train_topics, test, test_topics = load_svmlight_files(
        [str(folder / "train.svm"), str(folder / "test.svm")], n_features=1 << 18
    )
    peer = LogisticRegression(C=16, max_iter=1000)
    began = time.perf_counter()
    peer.fit(train, train_topics)
    peer_training = time.perf_counter() - began
    began = time.perf_counter()
    predicted = peer.predict(test)
    peer_predicting = time.perf_counter() - began
    mine = [own["classes"].index(topic) for topic in own["predicted"]]
    split = f"{len(known)} to learn from, every fifth ({len(held)}) held out"
    peer_f1 = 100 * f1_score(test_topics, predicted, average="macro")
    own_f1 = 100 * f1_score(test_topics, mine, average="macro")
    report.add("triage: topics", "scikit-learn", peer_f1, "F1 (macro)", split)
    report.add("triage: topics", "Liaison", own_f1, "F1 (macro)", split)
    report.add("triage: topics", "Liaison less scikit-learn", own_f1 - peer_f1, "points", at_least=-1)
    report.add("triage: training", "scikit-learn", peer_training * 1000, "ms")
    report.add("triage: training", "Liaison", own["trainSeconds"] * 1000, "ms", peer=peer_training * 1000, at_most=1)
    report.add("triage: prediction", "scikit-learn", peer_predicting * 1e6 / len(held), "µs/text")
    report.add(
        "triage: prediction", "Liaison", own["predictSeconds"] * 1e6 / len(held), "µs/text",
        peer=peer_predicting * 1e6 / len(held), at_most=1,
    )
    spent = sorted(own["mailMicroseconds"])
    report.add(
        "triage: packs and models of one mail, p99", "Liaison", spent[len(spent) * 99 // 100] / 1000, "ms",
        f"{own['mailClasses']} classes, about 1,800 characters", at_most=5,
    )


def write(file, texts):
    file.write_text("".join(f"{topic}\t{words}\n" for topic, words in texts))


def trial(folder):
    command = [
        os.environ["LIAISON"], "inspect", "triage", "--train", folder / "train.tsv", "--test", folder / "test.tsv",
        "--features", folder, "--mails", folder / "mails.txt",
    ]
    return json.loads(subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout)
