extension LinearModel {
    /// The words of a text that speak most for a class, each with the pieces it is made of, the heaviest first; none
    /// that weighs less than a third of the first.
    package func speaking(in text: String, for column: Int, most: Int = 3) -> [String] {
        var weights: [(word: String, weight: Float)] = []
        var seen: Set<String> = []
        TermScanner.scan(FeatureHash.cut(text)) { term, _ in
            let word = String(decoding: term, as: UTF8.self)
            guard word.utf8.count > 2, seen.insert(word).inserted else { return }
            var sum = weight(of: FeatureHash.place(FNV.hash(term, seed: FeatureHash.wordSeed)), in: column)
            term.withUnsafeBufferPointer { bytes in
                FeatureTable.pieces(of: bytes) { sum += weight(of: FeatureHash.place($0), in: column) }
            }
            weights.append((word, sum))
        }
        let sorted = weights.filter { $0.weight > 0 }.sorted { ($0.weight, $1.word) > ($1.weight, $0.word) }
        return sorted.prefix(most).filter { $0.weight * 3 >= (sorted.first?.weight ?? 0) }.map(\.word)
    }
}
