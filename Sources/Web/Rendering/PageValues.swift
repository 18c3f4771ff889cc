/// What a template can be given.
enum PageValue {
    case text(String)
    case phrase(Phrase)
    case truth(Bool)
    case number(Int)
    case several([PageValue])
    case structure(PageStructure)
    /// A case of a closed set, and what a template may ask of it: `is-note` for each case.
    case oneOf(String, questions: [String: String])
    /// Known to be absent: prints nothing, and nobody looks further out for it.
    case absent

    /// Whether an inverted section is written.
    var isNothing: Bool {
        switch self {
        case .absent, .truth(false): true
        case .several(let values): values.isEmpty
        case .text, .phrase, .truth, .number, .structure, .oneOf: false
        }
    }

    /// nil when there is none of this name.
    func child(_ name: String) -> PageValue? {
        switch self {
        case .structure(let structure): structure[name]
        case .oneOf(let chosen, _) where name == "name": .text(chosen)
        case .oneOf(let chosen, let questions): questions[name].map { .truth($0 == chosen) }
        case .text, .phrase, .truth, .number, .several, .absent: nil
        }
    }
}

/// Values by name.
class PageStructure {
    /// Those put beside what a struct has.
    var extra: [String: PageValue] = [:]

    subscript(name: String) -> PageValue? { extra[name] }
}

/// A page's struct: a property is read when a template asks for it.
final class PageStructureOf<Value>: PageStructure {
    private let copy: UnsafeMutablePointer<Value>
    private let shape = PageShape.of(Value.self)

    init(_ value: Value) {
        copy = .allocate(capacity: 1)
        copy.initialize(to: value)
    }

    deinit {
        copy.deinitialize(count: 1)
        copy.deallocate()
    }

    override subscript(name: String) -> PageValue? {
        guard let property = shape.properties[name] else { return extra[name] }
        return property.field.value(at: UnsafeRawPointer(copy) + property.offset)
    }
}
