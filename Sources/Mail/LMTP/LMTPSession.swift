/// The protocol (RFC 2033, 5321, 3030, 6531) as a value: bytes in, actions out. No socket, no clock, no file.
///
/// One thing is done at a time: after `.lookUp` or `.deliver` input is only kept until the answer is given, so that
/// pipelined commands keep their order. A body is the caller's only after its last byte; an early end accepts nothing.
package struct LMTPSession<Value: Sendable>: Sendable {
    package enum Action: Sendable {
        /// Bytes for the peer; may wait until more input is wanted.
        case reply([UInt8])
        /// Answer with `answer(lookUp:)`.
        case lookUp(String)
        /// Append to the spool file of this transaction, made on first use.
        case spool([UInt8])
        /// The transaction with the spool file is over.
        case discardSpool
        /// Answer with `answer(delivery:)`. `body` is nil when it was spooled.
        case deliver(sender: String, recipients: [LMTPRecipient<Value>], body: [UInt8]?)
        /// Close after writing what is there.
        case close
    }

    private enum State: Sendable {
        /// → itself, lookingUp, inData, inChunk, closed
        case commands
        /// → commands
        case lookingUp(String)
        /// → delivering, commands
        case inData
        /// → commands, delivering, closed
        case inChunk(left: Int, isLast: Bool)
        /// → commands
        case delivering
        case closed
    }

    private struct Transaction: Sendable {
        let sender: String
        let isUTF8: Bool
        let size: Int
        var recipients: [LMTPRecipient<Value>] = []
        var scanner: LMTPBodyScanner?
        var body: [UInt8] = []
        var received = 0
        var isSpooled = false
        /// Why the body will not be taken; it is read to its end all the same.
        var refusal: LMTPReply?
        /// A BDAT was answered with an error: the rest of the transaction is void.
        var isVoid = false
    }

    private let hostName: String
    private let limits: LMTPLimits
    private var state = State.commands
    private var hasGreeted = false
    private var transaction: Transaction?
    private var input: [UInt8] = []
    private var used = 0
    private var isSkippingLine = false
    private var errors = 0
    private var actions: [Action] = []

    package init(hostName: String, limits: LMTPLimits = LMTPLimits()) {
        self.hostName = hostName
        self.limits = limits
    }

    /// The first line; to be sent before anything is read.
    package var greeting: [UInt8] { Array("220 \(hostName) LMTP Liaison\r\n".utf8) }

    /// True while an answer is owed to the session: no more input should be read.
    package var isWaiting: Bool {
        switch state {
        case .lookingUp, .delivering: true
        default: false
        }
    }

    /// Takes bytes as they come from the peer.
    package mutating func receive(_ bytes: some Sequence<UInt8>) -> [Action] {
        input.append(contentsOf: bytes)
        return advance()
    }

    /// The answer to `.lookUp`.
    package mutating func answer(lookUp result: Result<Value, LMTPReply>) -> [Action] {
        guard case .lookingUp(let address) = state else { return [] }
        state = .commands
        switch result {
        case .success(let value):
            transaction?.recipients.append(LMTPRecipient(address: address, value: value))
            reply(.recipientOK)
        case .failure(let refusal):
            reply(refusal.isPositive ? .tryLater : refusal)
        }
        return advance()
    }

    /// The answer to `.deliver`, one reply per recipient; a missing one is temporary.
    package mutating func answer(delivery replies: [LMTPReply]) -> [Action] {
        guard case .delivering = state, let count = transaction?.recipients.count else { return [] }
        for index in 0..<count { reply(index < replies.count ? replies[index] : .tryLater) }
        endTransaction()
        state = .commands
        return advance()
    }

    /// The body cannot be kept (disk full): it is read to its end and refused with `reply`.
    package mutating func refuseBody(_ reply: LMTPReply) {
        if transaction?.refusal == nil { transaction?.refusal = reply }
    }

    /// Ends the conversation from our side. Nothing unfinished is accepted.
    package mutating func stop(_ reason: LMTPReply) -> [Action] {
        guard !isWaiting else { return [] }
        if case .closed = state { return [] }
        reply(reason)
        close()
        return takeActions()
    }

    private mutating func advance() -> [Action] {
        var wantsMore = false
        while !wantsMore {
            switch state {
            case .commands: wantsMore = !nextCommand()
            case .inData: wantsMore = !scanData()
            case .inChunk(let left, let isLast): wantsMore = !scanChunk(left: left, isLast: isLast)
            case .lookingUp, .delivering, .closed: wantsMore = true
            }
        }
        if case .closed = state { used = input.count }
        if used == input.count {
            input.removeAll(keepingCapacity: input.capacity <= 256 * 1024)
            used = 0
        } else if used > 0, used >= input.count / 2 {
            input.removeFirst(used)
            used = 0
        }
        return takeActions()
    }

    private mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }

    private mutating func reply(_ reply: LMTPReply) { write(reply.line) }

    private mutating func write(_ bytes: [UInt8]) {
        if case .reply(let before)? = actions.last {
            actions[actions.count - 1] = .reply(before + bytes)
        } else {
            actions.append(.reply(bytes))
        }
    }

    private mutating func close() {
        endTransaction()
        state = .closed
        actions.append(.close)
    }

    private mutating func endTransaction() {
        if transaction?.isSpooled == true { actions.append(.discardSpool) }
        transaction = nil
    }
}

// Commands.
extension LMTPSession {
    /// Does one command; false when no whole line is there.
    private mutating func nextCommand() -> Bool {
        guard let end = input[used...].firstIndex(of: 0x0A) else {
            if input.count - used > limits.lineLength {
                isSkippingLine = true
                used = input.count
            }
            return false
        }
        let line = input[used..<end]
        used = end + 1
        if isSkippingLine || line.count >= limits.lineLength {
            isSkippingLine = false
            refuse(.lineTooLong)
        } else if line.last == 0x0D {
            carryOut(LMTPCommand(line: line.dropLast()))
        } else {
            refuse(.lineBroken)
        }
        return true
    }

    private mutating func carryOut(_ command: LMTPCommand) {
        switch command {
        case .lhlo: lhlo()
        case .mail(let sender, let size, let isUTF8): mail(sender, size, isUTF8)
        case .rcpt(let address): rcpt(address)
        case .data: data()
        case .bdat(let size, let isLast): state = .inChunk(left: size, isLast: isLast)
        case .reset:
            endTransaction()
            reply(.ok)
        case .noop: reply(.ok)
        case .verify: reply(.cannotVerify)
        case .quit:
            reply(.goodbye)
            close()
        case .wrong(let refusal): refuse(refusal)
        }
        prepareChunk()
    }

    private mutating func refuse(_ refusal: LMTPReply) {
        errors += 1
        reply(refusal)
        if errors >= limits.errors {
            reply(.tooManyErrors)
            close()
        }
    }

    private mutating func lhlo() {
        endTransaction()
        hasGreeted = true
        let lines = ["PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE \(limits.messageSize)", "CHUNKING"]
        let first = "250-\(hostName)\r\n" + lines.map { "250-\($0)\r\n" }.joined()
        write(Array((first + "250 ENHANCEDSTATUSCODES\r\n").utf8))
    }

    private mutating func mail(_ sender: String, _ size: Int, _ isUTF8: Bool) {
        if !hasGreeted {
            refuse(.sayLHLO)
        } else if transaction != nil {
            refuse(.nestedMail)
        } else if size > limits.messageSize {
            reply(.tooLarge)
        } else {
            transaction = Transaction(sender: sender, isUTF8: isUTF8, size: size)
            reply(.senderOK)
        }
    }

    private mutating func rcpt(_ address: String) {
        guard let transaction else { return refuse(.sayMail) }
        if transaction.scanner != nil {
            refuse(.chunksBegun)
        } else if !transaction.isUTF8, !address.utf8.allSatisfy({ $0 < 128 }) {
            reply(.needsUTF8)
        } else if transaction.recipients.count >= limits.recipients {
            reply(.tooManyRecipients)
        } else {
            state = .lookingUp(address)
            actions.append(.lookUp(address))
        }
    }

    private mutating func data() {
        guard let transaction else { return refuse(.sayMail) }
        if transaction.scanner != nil {
            refuse(.chunksBegun)
        } else if transaction.recipients.isEmpty {
            refuse(.noRecipients)
        } else {
            beginBody(hasDots: true)
            state = .inData
            reply(.startBody)
        }
    }

    private mutating func beginBody(hasDots: Bool) {
        transaction?.scanner = LMTPBodyScanner(hasDots: hasDots)
        let announced = min(transaction?.size ?? 0, limits.memorySize)
        transaction?.body.reserveCapacity(announced + 1024)
    }
}

// Bodies.
extension LMTPSession {
    /// Reads DATA; false when its end is not there yet.
    private mutating func scanData() -> Bool {
        let (taken, isComplete) = scan(upTo: input.count)
        used += taken
        if isComplete { endBody() }
        return isComplete
    }

    private mutating func prepareChunk() {
        guard case .inChunk(let size, _) = state, transaction?.isVoid == false else { return }
        if transaction?.recipients.isEmpty == true { return }
        if transaction?.scanner == nil { beginBody(hasDots: false) }
        let total = (transaction?.received ?? 0).addingReportingOverflow(size)
        if total.overflow || total.partialValue > limits.messageSize { refuseBody(.tooLarge) }
    }

    /// Reads what a BDAT announced, wanted or not; false when more is to come.
    private mutating func scanChunk(left: Int, isLast: Bool) -> Bool {
        let count = min(left, input.count - used)
        if transaction?.scanner != nil, transaction?.isVoid == false {
            _ = scan(upTo: used + count)
        }
        used += count
        guard count == left else {
            state = .inChunk(left: left - count, isLast: isLast)
            return false
        }
        state = .commands
        endChunk(size: left, isLast: isLast)
        return true
    }

    private mutating func endChunk(size: Int, isLast: Bool) {
        guard let transaction else { return refuse(.sayMail) }
        if transaction.recipients.isEmpty || transaction.isVoid {
            refuse(.noRecipients)
        } else if isLast {
            self.transaction?.scanner?.finish()
            noteLineEnds()
            endBody()
        } else if let refusal = transaction.refusal {
            self.transaction?.isVoid = true
            reply(refusal)
        } else {
            reply(.ok)
        }
    }

    private mutating func scan(upTo end: Int) -> (used: Int, isComplete: Bool) {
        guard var current = transaction, var scanner = current.scanner else { return (0, false) }
        transaction = nil
        let before = current.body.count
        let result = input.withUnsafeBufferPointer { bytes in
            scanner.scan(UnsafeBufferPointer(rebasing: bytes[used..<end]), into: &current.body)
        }
        current.received += current.body.count - before
        current.scanner = scanner
        transaction = current
        noteLineEnds()
        if current.received > limits.messageSize { refuseBody(.tooLarge) }
        keepBody()
        return result
    }

    private mutating func noteLineEnds() {
        if transaction?.scanner?.hasBareLF == true || transaction?.scanner?.hasBareCR == true {
            refuseBody(.badLineEnds)
        }
    }

    /// Drops what is refused, hands on what is too large for memory.
    private mutating func keepBody() {
        if transaction?.refusal != nil {
            transaction?.body = []
        } else if let body = transaction?.body, transaction?.isSpooled == true || body.count > limits.memorySize,
            !body.isEmpty
        {
            transaction?.isSpooled = true
            transaction?.body = []
            actions.append(.spool(body))
        }
    }

    private mutating func endBody() {
        guard let transaction else { return }
        if let refusal = transaction.refusal {
            for _ in transaction.recipients { reply(refusal) }
            endTransaction()
            state = .commands
            return
        }
        state = .delivering
        actions.append(
            .deliver(
                sender: transaction.sender, recipients: transaction.recipients,
                body: transaction.isSpooled ? nil : transaction.body))
        self.transaction?.body = []
    }
}
