import Markup

/// Which leaves of the MIME tree are the shown body and which are attachments, in the order they stand.
///
/// 1. Walk the tree. Of multipart/alternative the plain text is the body if it says anything, else the HTML one;
///    of multipart/related and multipart/signed the root; everything else part after part.
/// 2. A text leaf without a name that is not marked as attachment is body; all other leaves are attachments.
/// 3. Texts are decoded, unfolded, freed of uuencoded files and joined with a blank line.
struct MessageBody {
    /// An attachment: where its bytes are, and what is known without decoding them.
    struct Leaf {
        enum Source {
            case part(Range<Int>, TransferEncoding)
            case bytes([UInt8])
        }
        var source: Source
        var value: ParsedAttachment
    }

    static let maximumTextBytes = 2 << 20

    private let bytes: [UInt8]
    private var texts: [String] = []
    /// HTML parts as they are, plain parts as text: escaped only if there is HTML at all.
    private var htmls: [(text: String, isHTML: Bool)] = []
    private var textBytes = 0
    private(set) var leaves: [Leaf] = []
    private(set) var problems: [String] = []
    private(set) var protection: [String] = []

    init(_ root: MIMENode, of bytes: [UInt8]) {
        self.bytes = bytes
        walk(root, isShown: true, isTop: true)
        if texts.isEmpty, !htmls.contains(where: \.isHTML) { showWhatThereIs(root) }
    }

    var text: String { texts.joined(separator: "\n\n") }

    /// The HTML body; plain parts beside it are escaped into it, so that the order stays.
    var html: String {
        guard htmls.contains(where: \.isHTML) else { return "" }
        let parts = htmls.map { part in
            part.isHTML ? part.text : "<div style=\"white-space:pre-wrap\">" + TextClean.escaped(part.text) + "</div>"
        }
        return parts.joined(separator: "\n<hr>\n")
    }

    private mutating func walk(_ node: MIMENode, isShown: Bool, isTop: Bool = false) {
        guard node.isMultipart else {
            if isShown, isBody(node, isTop: isTop) { show(node) } else { attach(node) }
            return
        }
        noteProtection(node)
        switch node.type {
        case "multipart/alternative": walkAlternative(node, isShown: isShown)
        case "multipart/related": walkRelated(node, isShown: isShown)
        case "multipart/signed", "multipart/appledouble":
            for (index, child) in node.children.enumerated() { walk(child, isShown: isShown && index == 0) }
        case "multipart/encrypted": for child in node.children { walk(child, isShown: false) }
        default: for child in node.children { walk(child, isShown: isShown) }
        }
        if node.children.isEmpty, isShown, !node.prologue.isEmpty {
            add(decoded(node.prologue, label: ""), html: nil)
        }
    }

    private func isBody(_ node: MIMENode, isTop: Bool) -> Bool {
        guard node.disposition != "attachment" else { return false }
        if node.type == "text/plain" || node.type == "text/html" { return node.filename.isEmpty || isTop }
        guard isTop, node.isType("text/") else { return false }
        return node.filename.isEmpty && node.type != "text/calendar" && node.type != "text/vcard"
    }

    /// For a mail that says nothing else: the first text with a name, or what an invitation holds. Both stay
    /// attachments.
    private mutating func showWhatThereIs(_ root: MIMENode) {
        guard root.type != "multipart/encrypted" else { return }
        let leaves = leaves(of: root)
        let named = leaves.first { leaf in
            (leaf.type == "text/plain" || leaf.type == "text/html") && leaf.disposition != "attachment"
                && !leaf.filename.isEmpty
        }
        if let named { return show(named) }
        guard let invitation = leaves.first(where: { $0.type == "text/calendar" }) else { return }
        add(CalendarText.readable(decoded(content(of: invitation), label: invitation.charset)), html: nil)
    }

    // MARK: Alternatives

    private mutating func walkAlternative(_ node: MIMENode, isShown: Bool) {
        guard isShown else {
            for child in node.children { walk(child, isShown: false) }
            return
        }
        let rich = node.children.lastIndex { firstBody($0)?.type == "text/html" }
        let plain = node.children.firstIndex { child in
            firstBody(child)?.type == "text/plain" && !isBlank(child)
                && !isStandIn(child, for: rich.map { node.children[$0] })
        }
        guard let chosen = plain ?? rich ?? node.children.indices.first else { return }
        for (index, child) in node.children.enumerated() {
            if index == chosen {
                if let rich, rich != chosen { showBoth(child, node.children[rich]) } else { walk(child, isShown: true) }
            } else if index == rich {
                for leaf in others(of: child) { walk(leaf, isShown: false) }
            } else if !(isBody(child, isTop: false) && firstBody(child) != nil) {
                walk(child, isShown: false)
            }
        }
    }

    /// The plain alternative gives the text, the HTML one the HTML.
    private mutating func showBoth(_ plain: MIMENode, _ rich: MIMENode) {
        let before = htmls.count
        walk(plain, isShown: true)
        guard let leaf = firstBody(rich) else { return }
        htmls.removeSubrange(before...)
        htmls.append((decoded(content(of: leaf), label: leaf.charset), true))
    }

    /// The leaf that would be shown of this part.
    private func firstBody(_ node: MIMENode) -> MIMENode? {
        if !node.isMultipart { return isBody(node, isTop: false) ? node : nil }
        if node.type == "multipart/related" { return node.children.isEmpty ? nil : firstBody(root(of: node)) }
        for child in node.children {
            if let found = firstBody(child) { return found }
        }
        return nil
    }

    /// Leaves of an alternative that is represented by another one: all but its body.
    private func others(of node: MIMENode) -> [MIMENode] {
        guard node.isMultipart else { return [] }
        var isFirst = true
        return leaves(of: node).filter { leaf in
            if isFirst, isBody(leaf, isTop: false) {
                isFirst = false
                return false
            }
            return true
        }
    }

    private func leaves(of node: MIMENode) -> [MIMENode] {
        node.isMultipart ? node.children.flatMap { leaves(of: $0) } : [node]
    }

    private func isBlank(_ node: MIMENode) -> Bool {
        guard let leaf = firstBody(node) else { return true }
        return content(of: leaf, limit: 4096).allSatisfy { ASCII.isSpace($0) || $0 == 0xA0 || $0 == 0xC2 }
    }

    private func isStandIn(_ plain: MIMENode, for rich: MIMENode?) -> Bool {
        guard let leaf = firstBody(plain), let other = rich.flatMap(firstBody),
            case let head = content(of: leaf, limit: 2048), head.count < 2048,
            ASCII.find("html", in: head[...]) != nil
        else { return false }
        let html = Charset.decode(content(of: other), label: other.charset).text
        return StandIn.isOne(Charset.decode(head, label: leaf.charset).text, for: HTMLText.readable(html))
    }

    private mutating func walkRelated(_ node: MIMENode, isShown: Bool) {
        guard !node.children.isEmpty else { return }
        let root = rootIndex(of: node)
        for (index, child) in node.children.enumerated() { walk(child, isShown: isShown && index == root) }
    }

    private func root(of node: MIMENode) -> MIMENode { node.children[rootIndex(of: node)] }

    private func rootIndex(of node: MIMENode) -> Int {
        let start = node.detail.filter { $0 != "<" && $0 != ">" }
        guard !start.isEmpty else { return 0 }
        return node.children.firstIndex { $0.contentID == start } ?? 0
    }

    // MARK: Leaves

    private mutating func show(_ node: MIMENode) {
        var raw = shownContent(of: node)
        if raw.count > MessageBody.maximumTextBytes {
            raw = Array(raw.prefix(MessageBody.maximumTextBytes))
            note("text-cut")
        }
        let text = decoded(raw, label: node.charset)
        if node.type == "text/html" {
            let readable = TextClean.clean(HTMLText.readable(text))
            add(readable, html: text)
            return
        }
        let flowed = node.format == "flowed" ? FlowedText.unfold(text, deletesSpace: node.deletesSpace) : text
        guard let found = Uuencoded.extract(from: flowed) else { return add(flowed, html: nil) }
        add(found.text, html: nil)
        for file in found.files { attach(file) }
    }

    private mutating func add(_ text: String, html: String?) {
        noteInlineProtection(text)
        let room = MessageBody.maximumTextBytes - textBytes
        guard room > 0 else { return note("text-cut") }
        var body = TextClean.trimmed(text)
        if body.utf8.count > room {
            body = String(decoding: Array(body.utf8.prefix(room)), as: UTF8.self)
            note("text-cut")
        }
        textBytes += body.utf8.count
        if !body.isEmpty { texts.append(body) }
        if let html {
            htmls.append((html, true))
        } else if !body.isEmpty {
            htmls.append((body, false))
        }
    }

    private mutating func decoded(_ raw: [UInt8], label: String) -> String {
        let result = Charset.decode(raw, label: label)
        if let problem = result.problem { note(problem) }
        return TextClean.clean(result.text)
    }

    private func content(of node: MIMENode, limit: Int = MessageBody.maximumTextBytes + 1) -> [UInt8] {
        node.encoding.decode(bytes[node.range], limit: limit)
    }

    /// The bytes of a text, clear text behind base64 included.
    private func shownContent(of node: MIMENode) -> [UInt8] {
        guard node.encoding == .base64, let clear = MixedBase64.clearText(in: bytes[node.range]) else {
            return content(of: node)
        }
        let limit = MessageBody.maximumTextBytes + 1
        let code = node.encoding.decode(bytes[node.range.lowerBound..<clear], limit: limit)
        return code + (code.isEmpty ? [] : [0x0A]) + bytes[clear..<node.range.upperBound].prefix(limit - code.count)
    }

    private mutating func attach(_ node: MIMENode) {
        let value = ParsedAttachment(
            filename: node.filename, contentType: node.type, size: 0, sha256: "",
            inline: node.disposition == "inline"
                || (node.disposition.isEmpty && !node.contentID.isEmpty && node.isType("image/")),
            contentID: node.contentID, label: AttachmentLabel.of(node))
        if value.label == "smime" { noteSMIME(node) }
        leaves.append(Leaf(source: .part(node.range, node.encoding), value: value))
    }

    private mutating func attach(_ file: Uuencoded.File) {
        let value = ParsedAttachment(
            filename: file.name, contentType: "application/octet-stream", size: 0, sha256: "", inline: false)
        leaves.append(Leaf(source: .bytes(file.bytes), value: value))
    }

    // MARK: Notes

    private mutating func note(_ problem: String) {
        if !problems.contains(problem) { problems.append(problem) }
    }

    private mutating func protect(_ mark: String) {
        if !protection.contains(mark) { protection.append(mark) }
    }

    private mutating func noteProtection(_ node: MIMENode) {
        if node.type == "multipart/signed" { protect(node.detail.contains("pgp") ? "pgp-signed" : "smime-signed") }
        if node.type == "multipart/encrypted" { protect("pgp-encrypted") }
    }

    private mutating func noteSMIME(_ node: MIMENode) {
        guard node.type.hasSuffix("pkcs7-mime") else { return }
        protect(node.detail.hasPrefix("signed") ? "smime-signed" : "smime-encrypted")
    }

    private mutating func noteInlineProtection(_ text: String) {
        guard text.holds("-----BEGIN PGP ") else { return }
        if text.holds("-----BEGIN PGP MESSAGE-----") { protect("pgp-encrypted") }
        if text.holds("-----BEGIN PGP SIGNED MESSAGE-----") { protect("pgp-signed") }
    }
}
