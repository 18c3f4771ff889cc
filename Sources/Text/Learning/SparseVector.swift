/// The features of a text: ascending places with their weights, of length one.
package struct SparseVector: Sendable, Equatable {
    package var places: [UInt32]
    package var values: [Float]

    package init(places: [UInt32], values: [Float]) {
        self.places = places
        self.values = values
    }

    package var isEmpty: Bool { places.isEmpty }
}
