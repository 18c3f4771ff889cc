import Mustache

/// Turns page structs into what templates can ask: one look at each struct, no reflection while rendering.
struct PageValues {
    let translate: Translate
    /// Told about every name a template asks for and a struct does not have; for tests.
    let onMiss: (@Sendable (String) -> Void)?

    /// The struct's stored properties by name.
    func fields(_ value: Any) -> Fields {
        var children: [String: Any] = [:]
        for child in Mirror(reflecting: value).children {
            if let label = child.label {
                children[label] = convert(child.value)
            }
        }
        return Fields(children: children, onMiss: onMiss)
    }

    private func convert(_ value: Any) -> Any {
        switch value {
        case let text as String: return words(text)
        case let truth as Bool: return truth
        case let number as Int: return number
        case let phrase as Phrase: return words(phrase.text(translate))
        case let oneOf as any PageCase: return cases(oneOf)
        case let several as [Any]: return several.map(convert)
        default: break
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional:
            guard let some = mirror.children.first else { return Absent() }
            return convert(some.value)
        case .struct: return fields(value)
        default: preconditionFailure("a page may hold no \(type(of: value))")
        }
    }

    private func words(_ text: String) -> Words { Words(renderText: text, onMiss: onMiss) }

    private func cases<Case: PageCase>(_ value: Case) -> Fields {
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

/// Text for the template engine; it has no named values of its own.
struct Words: MustacheCustomRenderable, MustacheParent {
    let renderText: String
    let isNull = false
    let onMiss: (@Sendable (String) -> Void)?

    func child(named name: String) -> Any? {
        onMiss?(name)
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
