/// What a template can be given; made of page structs by `PageReader`.
enum PageValue {
    case text(String)
    case phrase(Phrase)
    case truth(Bool)
    case number(Int)
    case several([PageValue])
    case structure(PageStructure)
    /// Known to be absent: prints nothing, and nobody looks further out for it.
    case absent

    /// Whether an inverted section is written.
    var isNothing: Bool {
        switch self {
        case .absent, .truth(false): true
        case .several(let values): values.isEmpty
        case .text, .phrase, .truth, .number, .structure: false
        }
    }

    /// nil when there is none of this name.
    func child(_ name: String) -> PageValue? {
        guard case .structure(let structure) = self else { return nil }
        return structure[name]
    }
}

/// A struct's stored properties by name, looked at when the first of them is asked for.
final class PageStructure {
    /// Values that were put beside those of the struct.
    var extra: [String: PageValue] = [:]
    private let source: Any?
    private let reader: PageReader
    private lazy var values = source.map { reader.values(of: $0) } ?? []
    private lazy var positions = source.map { reader.positions(in: $0) } ?? [:]

    fileprivate init(_ source: Any?, _ reader: PageReader) {
        self.source = source
        self.reader = reader
    }

    subscript(name: String) -> PageValue? {
        if let position = positions[name] { return values[position] }
        return extra[name]
    }
}

/// Turns page structs into values while one page is rendered.
final class PageReader {
    /// What a type is, found out once: dynamic casts to protocols are slow, and a list holds a thousand values.
    private enum Kind { case text, truth, number, phrase, oneOf, several, optional, structure }

    private var kinds: [ObjectIdentifier: Kind] = [:]
    private var shapes: [ObjectIdentifier: [String: Int]] = [:]
    /// The answers of a case to every question, made once for all rows that have it.
    private var answers: [ObjectIdentifier: [String: PageValue]] = [:]

    func structure(_ value: Any) -> PageStructure { PageStructure(value, self) }

    fileprivate func values(of source: Any) -> [PageValue] {
        Mirror(reflecting: source).children.map { convert($0.value) }
    }

    /// Where each stored property stands among the values.
    fileprivate func positions(in source: Any) -> [String: Int] {
        let type = ObjectIdentifier(type(of: source))
        if let known = shapes[type] { return known }
        var shape: [String: Int] = [:]
        for (position, child) in Mirror(reflecting: source).children.enumerated() {
            if let label = child.label { shape[label] = position }
        }
        shapes[type] = shape
        return shape
    }

    private func convert(_ value: Any) -> PageValue {
        switch kind(of: value) {
        case .text: (value as? String).map { .text($0) } ?? .absent
        case .truth: (value as? Bool).map { .truth($0) } ?? .absent
        case .number: (value as? Int).map { .number($0) } ?? .absent
        case .phrase: (value as? Phrase).map { .phrase($0) } ?? .absent
        case .oneOf: (value as? any PageCase).map { cases($0) } ?? .absent
        case .several: .several(Mirror(reflecting: value).children.map { convert($0.value) })
        case .optional: Mirror(reflecting: value).children.first.map { convert($0.value) } ?? .absent
        case .structure: .structure(structure(value))
        }
    }

    private func kind(of value: Any) -> Kind {
        let type = ObjectIdentifier(type(of: value))
        if let kind = kinds[type] {
            return kind
        }
        let kind = findKind(of: value)
        kinds[type] = kind
        return kind
    }

    private func findKind(of value: Any) -> Kind {
        let style = Mirror(reflecting: value).displayStyle
        if style == .optional { return .optional }
        if style == .collection { return .several }
        switch value {
        case is String: return .text
        case is Bool: return .truth
        case is Int: return .number
        case is Phrase: return .phrase
        case is any PageCase: return .oneOf
        default: break
        }
        precondition(style == .struct, "a page may hold no \(type(of: value))")
        return .structure
    }

    private func cases<Case: PageCase>(_ value: Case) -> PageValue {
        let type = ObjectIdentifier(Case.self)
        if let known = answers[type]?[value.rawValue] { return known }
        let made = PageStructure(nil, self)
        made.extra["name"] = .text(value.rawValue)
        for each in Case.allCases {
            made.extra["is-" + each.rawValue] = .truth(each.rawValue == value.rawValue)
        }
        answers[type, default: [:]][value.rawValue] = .structure(made)
        return .structure(made)
    }
}
