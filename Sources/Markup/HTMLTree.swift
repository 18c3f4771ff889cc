import CGumbo

/// A step on the way through a tree: into or out of an element, or a text.
enum HTMLEvent {
    case open(HTMLElement)
    case close(HTMLElement)
    case text(String)
}

/// An element of gumbo's tree; valid only while the tree is walked.
struct HTMLElement {
    /// Lower case; empty when gumbo does not know the tag.
    let name: String
    /// False inside SVG and MathML.
    let isHTML: Bool
    private let node: UnsafeMutablePointer<GumboNode>

    fileprivate init(_ node: UnsafeMutablePointer<GumboNode>) {
        self.node = node
        let element = node.pointee.v.element
        name = element.tag == GUMBO_TAG_UNKNOWN ? "" : String(cString: gumbo_normalized_tagname(element.tag))
        isHTML = element.tag_namespace == GUMBO_NAMESPACE_HTML
    }

    func attribute(_ name: String) -> String? {
        guard let found = gumbo_get_attribute(&node.pointee.v.element.attributes, name) else { return nil }
        return String(cString: found.pointee.value)
    }

    func has(_ name: String) -> Bool { gumbo_get_attribute(&node.pointee.v.element.attributes, name) != nil }
}

/// HTML5 as gumbo reads it. Walked without recursion; the C tree never leaves this file.
enum HTMLTree {
    /// Visits all under `body` in document order. `visit` answers, for an opened element, whether to go inside;
    /// it gets no `close` for those it did not enter. The caller has asked `HTMLLimits` before.
    static func walk(_ html: [UInt8], _ visit: (HTMLEvent) -> Bool) {
        html.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                var options = kGumboDefaultOptions
                options.max_errors = 0
                guard let start = characters.baseAddress else { return }
                guard let output = gumbo_parse_with_options(&options, start, characters.count) else { return }
                defer { gumbo_destroy_output(&options, output) }
                if let body = body(of: output.pointee.root) { walk(under: body, visit) }
            }
        }
    }

    private typealias Node = UnsafeMutablePointer<GumboNode>

    private static func body(of root: Node) -> Node? {
        children(root).last { $0.pointee.type == GUMBO_NODE_ELEMENT && $0.pointee.v.element.tag == GUMBO_TAG_BODY }
    }

    private static func walk(under root: Node, _ visit: (HTMLEvent) -> Bool) {
        var stack: [(node: Node, next: Int)] = [(root, 0)]
        while let top = stack.last {
            let children = top.node.pointee.v.element.children
            guard top.next < Int(children.length) else {
                stack.removeLast()
                if !stack.isEmpty { _ = visit(.close(HTMLElement(top.node))) }
                continue
            }
            stack[stack.count - 1].next += 1
            guard let raw = children.data[top.next] else { continue }
            let node = raw.assumingMemoryBound(to: GumboNode.self)
            switch node.pointee.type {
            case GUMBO_NODE_TEXT, GUMBO_NODE_WHITESPACE, GUMBO_NODE_CDATA:
                _ = visit(.text(String(cString: node.pointee.v.text.text)))
            case GUMBO_NODE_ELEMENT:
                if visit(.open(HTMLElement(node))) { stack.append((node, 0)) }
            default:
                continue
            }
        }
    }

    private static func children(_ node: Node) -> [Node] {
        let children = node.pointee.v.element.children
        return (0..<Int(children.length)).compactMap { children.data[$0]?.assumingMemoryBound(to: GumboNode.self) }
    }
}
