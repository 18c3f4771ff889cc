/// Bytes of an accepted body.
package enum LMTPBody: Sendable, Equatable {
    case bytes([UInt8])
    /// Path of a spool file and its size; the server removes it when `deliver` has returned, unless it was moved away.
    case file(path: String, size: Int)
}

/// A recipient that was looked up, with what the look-up said.
package struct LMTPRecipient<Value: Sendable>: Sendable {
    package let address: String
    package let value: Value

    package init(address: String, value: Value) {
        self.address = address
        self.value = value
    }
}

/// One message for `recipients`, exactly as it was sent, dots unstuffed.
package struct LMTPMessage<Value: Sendable>: Sendable {
    /// Empty for `<>`.
    package let sender: String
    /// Never empty; answers are wanted in this order.
    package let recipients: [LMTPRecipient<Value>]
    package let body: LMTPBody

    package init(sender: String, recipients: [LMTPRecipient<Value>], body: LMTPBody) {
        self.sender = sender
        self.recipients = recipients
        self.body = body
    }
}

/// What a session permits.
package struct LMTPLimits: Sendable {
    /// Bytes of a message after unstuffing.
    package var messageSize = 100 * 1024 * 1024
    /// Bytes kept in memory; above it a message goes to a spool file.
    package var memorySize = 1024 * 1024
    package var recipients = 100
    /// Bytes of a command with CRLF.
    package var lineLength = 4096
    package var errors = 20

    package init() {}
}
