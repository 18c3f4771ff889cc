/// The words of a text as they stand in it, found by what the search or a lesson makes of them: people are shown the
/// words they wrote, never what is kept of them for comparing. Overlapping pairs of scripts without spaces become the
/// run they stand for.
package struct WrittenWords: Sendable {
    private let bytes: [UInt8]
    private var places: [String: Range<Int>] = [:]

    /// `key` is what is asked for later: of each term, nil for those that never are.
    package init(_ text: String, key: (String) -> String? = { $0 }) {
        bytes = Array(text.utf8)
        var places: [String: Range<Int>] = [:]
        TermScanner.scan(text) { term, range in
            guard let key = key(String(decoding: term, as: UTF8.self)), places[key] == nil else { return }
            places[key] = range
        }
        self.places = places
    }

    /// Where each first stands, in the order of the keys; at most so many. What does not stand there is left out.
    package func written(_ keys: [String], most: Int) -> [String] {
        var ranges: [Range<Int>] = []
        for place in keys.compactMap({ places[$0] }) {
            if let index = ranges.firstIndex(where: { $0.overlaps(place) }) {
                ranges[index] =
                    min(ranges[index].lowerBound, place.lowerBound)..<max(ranges[index].upperBound, place.upperBound)
            } else if ranges.count < most {
                ranges.append(place)
            }
        }
        var seen: Set<String> = []
        return ranges.map { String(decoding: bytes[$0], as: UTF8.self) }.filter {
            seen.insert($0.lowercased()).inserted
        }
    }
}
