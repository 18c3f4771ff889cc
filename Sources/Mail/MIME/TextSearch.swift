import CGMime

extension String {
    /// Whether these very bytes stand in it. Foundation's `contains` compares characters: a hundred times slower.
    func holds(_ needle: StaticString) -> Bool {
        offset(UnsafeRawBufferPointer(start: needle.utf8Start, count: needle.utf8CodeUnitCount)) != nil
    }

    func holds(_ needle: String) -> Bool { offset(of: needle) != nil }

    /// The UTF-8 offset of the first place where these very bytes stand.
    func offset(of needle: String) -> Int? {
        var needle = needle
        return needle.withUTF8 { offset(UnsafeRawBufferPointer($0)) }
    }

    private func offset(_ needle: UnsafeRawBufferPointer) -> Int? {
        let found: Int?? = utf8.withContiguousStorageIfAvailable { hay in
            guard let base = hay.baseAddress, let start = needle.baseAddress,
                let place = liaison_find(base, hay.count, start, needle.count)
            else { return nil }
            return UnsafeRawPointer(place) - UnsafeRawPointer(base)
        }
        if let found { return found }
        var copy = self
        copy.makeContiguousUTF8()
        return copy.offset(needle)
    }
}
