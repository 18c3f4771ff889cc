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
    if report.peers_only:
        return
    own = trial(folder)
    try:
        peer = learn_as_peer(folder, known, held)
    except ImportError:
        report.note("triage: scikit-learn is not installed; the peer is missing")
        return
    tell_topics(report, own, peer, f"{len(known)} to learn from, every fifth ({len(held)}) held out")
    tell_speed(report, own, peer, len(held))
    spent = sorted(own["mailMicroseconds"])
    report.add(
        "triage: packs and models of one mail, p99", "Liaison", spent[len(spent) * 99 // 100] / 1000, "ms",
        f"{own['mailClasses']} classes, about 1,800 characters", at_most=5,
    )


def learn_as_peer(folder, known, held):
    """scikit-learn's logistic regression on the features Liaison wrote down, and on its own like them."""
    from sklearn.datasets import load_svmlight_files
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score

    train, train_topics, test, test_topics = load_svmlight_files(
        [str(folder / "train.svm"), str(folder / "test.svm")], n_features=1 << 18
    )
    model = LogisticRegression(C=16, max_iter=1000)
    began = time.perf_counter()
    model.fit(train, train_topics)
    training = time.perf_counter() - began
    predicted = model.predict(test)
    reader = vectorizer()
    words, asked = ([words for _, words in texts] for texts in (known, held))
    other = LogisticRegression(C=16, max_iter=1000).fit(reader.transform(words), train_topics)
    return {
        "f1": lambda topics: 100 * f1_score(test_topics, topics, average="macro"),
        "predicted": predicted,
        "trainSeconds": training,
        "predictSeconds": median(lambda: model.predict(test)),
        "featureSeconds": median(lambda: reader.transform(words), turns=3),
        "readSeconds": median(lambda: other.predict(reader.transform(asked)), turns=3),
    }


def tell_topics(report, own, peer, split):
    peer_f1 = peer["f1"](peer["predicted"])
    own_f1 = peer["f1"]([own["classes"].index(topic) for topic in own["predicted"]])
    report.add("triage: topics", "scikit-learn", peer_f1, "F1 (macro)", split)
    report.add("triage: topics", "Liaison", own_f1, "F1 (macro)", split)
    report.add("triage: topics", "Liaison less scikit-learn", own_f1 - peer_f1, "points", at_least=-1)


def tell_speed(report, own, peer, held):
    def compare(job, names, factor, unit, detail):
        of_peer, of_own = (factor * sum(figures[name] for name in names) for figures in (peer, own))
        report.add(job, "scikit-learn", of_peer, unit, detail)
        report.add(job, "Liaison", of_own, unit, detail, peer=of_peer, at_most=1)

    words = "from words; scikit-learn by HashingVectorizer"
    compare("triage: training", ["trainSeconds"], 1000, "ms", "features known, one thread")
    compare("triage: features and training", ["featureSeconds", "trainSeconds"], 1000, "ms", words)
    compare(
        "triage: prediction", ["predictSeconds"], 1e6 / held, "µs/text",
        "features known; scikit-learn all texts in one call, Liaison one after the other")
    compare("triage: features and prediction", ["readSeconds"], 1e6 / held, "µs/text", words)


def median(body, turns=7):
    spent = []
    for _ in range(turns):
        began = time.perf_counter()
        body()
        spent.append(time.perf_counter() - began)
    return sorted(spent)[turns // 2]


def vectorizer():
    """The peer's own way to like features: words and pairs of words, pieces of four characters with the ends of words
    marked, hashed to as many places, square roots of counts, length one."""
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.pipeline import FeatureUnion, make_pipeline
    from sklearn.preprocessing import FunctionTransformer, Normalizer

    usual = {"n_features": 1 << 18, "norm": None, "alternate_sign": False, "strip_accents": "unicode"}
    both = FeatureUnion([
        ("words", HashingVectorizer(ngram_range=(1, 2), **usual)),
        ("pieces", HashingVectorizer(analyzer="char_wb", ngram_range=(4, 4), **usual)),
    ])
    return make_pipeline(both, FunctionTransformer(lambda counts: counts.sqrt()), Normalizer())


def write(file, texts):
    file.write_text("".join(f"{topic}\t{words}\n" for topic, words in texts))


def trial(folder):
    command = [
        os.environ["LIAISON"], "inspect", "triage", "--train", folder / "train.tsv", "--test", folder / "test.tsv",
        "--features", folder, "--mails", folder / "mails.txt",
    ]
    return json.loads(subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout)
