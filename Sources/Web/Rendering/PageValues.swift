import Mustache

/// Turns page structs into what templates can ask: one look at each struct, no reflection while rendering.
struct PageValues {
    /// What a type is, found out once: dynamic casts to protocols are slow, and a list holds a thousand values.
    private enum Kind { case text, truth, number, phrase, oneOf, several, optional, structure }

    let translate: Translate
    /// Told about every name a template asks for and a struct does not have; for tests.
    let onMiss: (@Sendable (String) -> Void)?
    private var kinds: [ObjectIdentifier: Kind] = [:]
    /// The answers of a case to every question, made once for all rows that have it.
    private var answers: [ObjectIdentifier: [String: Fields]] = [:]

    init(translate: Translate, onMiss: (@Sendable (String) -> Void)?) {
        self.translate = translate
        self.onMiss = onMiss
    }

    /// The struct's stored properties by name.
    mutating func fields(_ value: Any) -> Fields { fields(Mirror(reflecting: value)) }

    private mutating func fields(_ mirror: Mirror) -> Fields {
        var children: [String: Any] = [:]
        children.reserveCapacity(mirror.children.count)
        for child in mirror.children {
            if let label = child.label {
                children[label] = convert(child.value)
            }
        }
        return Fields(children: children, onMiss: onMiss)
    }

    private mutating func convert(_ value: Any) -> Any {
        switch kind(of: value) {
        case .text: return (value as? String).map { words($0) } ?? Absent()
        case .truth, .number: return value
        case .phrase: return (value as? Phrase).map { words($0.text(translate)) } ?? Absent()
        case .oneOf: return (value as? any PageCase).map { cases($0) } ?? Absent()
        case .several: return Mirror(reflecting: value).children.map { convert($0.value) }
        case .optional: return Mirror(reflecting: value).children.first.map { convert($0.value) } ?? Absent()
        case .structure: return fields(Mirror(reflecting: value))
        }
    }

    private mutating func kind(of value: Any) -> Kind {
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

    private func words(_ text: String) -> Any {
        if let onMiss { return WatchedWords(renderText: text, onMiss: onMiss) }
        return Words(renderText: text)
    }

    private mutating func cases<Case: PageCase>(_ value: Case) -> Fields {
        let type = ObjectIdentifier(Case.self)
        if let known = answers[type]?[value.rawValue] { return known }
        let fields = answer(value)
        answers[type, default: [:]][value.rawValue] = fields
        return fields
    }

    private func answer<Case: PageCase>(_ value: Case) -> Fields {
        var children: [String: Any] = ["name": words(value.rawValue)]
        for each in Case.allCases {
            children["is-" + each.rawValue] = each.rawValue == value.rawValue
        }
        return Fields(children: children, onMiss: onMiss)
    }
}

/// Named values for the template engine.
struct Fields: MustacheParent {
    var children: [String: Any]
    let onMiss: (@Sendable (String) -> Void)?

    func child(named name: String) -> Any? {
        if let value = children[name] {
            return value
        }
        onMiss?(name)
        return nil
    }
}

/// Text for the template engine; it has no named values of its own. Small enough to need no memory but the text's.
struct Words: MustacheCustomRenderable, MustacheParent {
    let renderText: String
    var isNull: Bool { false }

    func child(named name: String) -> Any? { nil }
}

/// The same, telling of names that are asked of it.
struct WatchedWords: MustacheCustomRenderable, MustacheParent {
    let renderText: String
    let onMiss: @Sendable (String) -> Void
    var isNull: Bool { false }

    func child(named name: String) -> Any? {
        onMiss(name)
        return nil
    }
}

/// A value that is known to be absent: renders as nothing and does not make the engine look further up.
struct Absent: MustacheCustomRenderable, MustacheParent {
    let renderText = ""
    let isNull = true

    func child(named name: String) -> Any? { nil }
}

/// The strings of the interface: `{{t.ticket-list-title}}`.
struct TemplateMessages: MustacheParent {
    let translate: Translate

    func child(named key: String) -> Any? { translate(key, []) }
}
