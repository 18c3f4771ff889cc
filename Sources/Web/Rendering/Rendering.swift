/// One page being written: pieces in, HTML out. Everything that is printed is escaped.
struct Rendering {
    private(set) var html: [UInt8] = []
    private let templates: [String: [TemplatePiece]]
    private let translate: Translate
    private let onMiss: (@Sendable (String) -> Void)?
    /// The values that sections have entered, the innermost last.
    private var entered: [PageValue]

    /// `onMiss` hears of names that a value does not have.
    init(
        _ root: PageValue, templates: [String: [TemplatePiece]], translate: Translate,
        onMiss: (@Sendable (String) -> Void)?
    ) {
        entered = [root]
        self.templates = templates
        self.translate = translate
        self.onMiss = onMiss
        html.reserveCapacity(1 << 16)
    }

    /// `blocks`: what children put in place of a parent's blocks.
    mutating func write(_ pieces: [TemplatePiece], _ blocks: [String: [TemplatePiece]] = [:]) {
        for piece in pieces {
            switch piece {
            case .text(let text): html.append(contentsOf: text)
            case .message(let key): print(translate(key, with: []))
            case .value(let name): print(find(name))
            case .section(let name, let inner): writeSection(find(name), inner, blocks)
            case .inverted(let name, let inner):
                if find(name).isNothing { write(inner, blocks) }
            case .partial(let name): write(templates[name] ?? [], blocks)
            case .parent(let name, let own):
                write(templates[name] ?? [], blocks.isEmpty ? own : blocks.merging(own) { outer, _ in outer })
            case .block(let name, let usual): write(blocks[name] ?? usual, blocks)
            }
        }
    }

    private mutating func writeSection(
        _ value: PageValue, _ inner: [TemplatePiece], _ blocks: [String: [TemplatePiece]]
    ) {
        switch value {
        case .absent, .truth(false): break
        case .truth(true): write(inner, blocks)
        case .several(let values):
            for each in values { write(inner, in: each, blocks) }
        case .text, .phrase, .number, .structure, .oneOf: write(inner, in: value, blocks)
        }
    }

    private mutating func write(
        _ pieces: [TemplatePiece], in value: PageValue, _ blocks: [String: [TemplatePiece]]
    ) {
        entered.append(value)
        write(pieces, blocks)
        entered.removeLast()
    }

    private mutating func print(_ value: PageValue) {
        switch value {
        case .text(let text): print(text)
        case .phrase(let phrase): print(phrase.text(translate))
        case .number(let number): print(String(number))
        case .truth(let truth): print(String(truth))
        case .absent, .several, .structure, .oneOf: break
        }
    }

    private mutating func print(_ text: String) { HTMLEscaping.append(text, to: &html) }

    private func find(_ name: TemplateName) -> PageValue {
        guard let first = name.path.first, let innermost = entered.last else { return entered.last ?? .absent }
        guard !name.isOwn else { return follow(name.path[...], from: innermost) }
        for value in entered.reversed() {
            if let found = value.child(first) { return follow(name.path.dropFirst(), from: found) }
            onMiss?(first)
        }
        return .absent
    }

    private func follow(_ path: ArraySlice<String>, from start: PageValue) -> PageValue {
        var value = start
        for name in path {
            if case .absent = value { return value }
            guard let child = value.child(name) else {
                onMiss?(name)
                return .absent
            }
            value = child
        }
        return value
    }
}
