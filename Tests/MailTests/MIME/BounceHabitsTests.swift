import Mail
import Testing

/// Bounces of servers that know no standard: whom they mean, and whether it is for good.
struct BounceHabitsTests {
    struct Sample: Sendable, CustomStringConvertible {
        let from: String
        let subject: String
        let text: String
        var isPermanent = true
        var description: String { subject }
    }

    static let samples = [
        Sample(
            from: "Mail Delivery System <Mailer-Daemon@mx.example>",
            subject: "Warning: message 1abc-000 delayed 24 hours",
            text: """
                This message was created automatically by mail delivery software.
                A message that you sent has not yet been delivered to one or more of its
                recipients after more than 24 hours on the queue on mx.example.

                The address to which the message has not yet been delivered is:

                  gone@nowhere.example
                    host mx.nowhere.example [192.0.2.1]
                    Delay reason: connection timeout

                No action is required on your part. Delivery attempts will continue.
                """, isPermanent: false),
        Sample(
            from: "Mail Administrator <Postmaster@phone.example>", subject: "Mail System Error - Returned Mail",
            text: """
                This Message was undeliverable due to the following reason:

                Each of the following recipients was rejected by a remote mail server.

                    Recipient: <gone@nowhere.example>
                    Reason:    550 Unknown user gone@nowhere.example
                """),
        Sample(
            from: "MDaemon <MDaemon@mx.example>", subject: "Permanent Delivery Failure",
            text: """
                The attached message had PERMANENT fatal delivery errors!

                Failed address: gone@nowhere.example

                --- Session Transcript ---
                  RCPT To:<gone@nowhere.example>
                  550 User unknown
                """),
        Sample(
            from: "PostMaster@qq.example", subject: "系统退信",
            text: "很抱歉您的邮件被退回。\n收件人：gone@nowhere.example\n退信原因：550 Mailbox not found\n"),
        Sample(
            from: "Postmaster@163.example", subject: "系统退信",
            text: "抱歉，您的邮件被退回来了……\n\n收件人邮件地址(gone@nowhere.example)不存在，邮件无法送达。\n550 User not found\n"),
    ]

    @Test(arguments: samples) func `the recipient and the verdict are found`(sample: Sample) {
        let message = MailSample.parse(
            text: """
                From: \(sample.from)
                To: info@desk.example
                Subject: \(sample.subject)
                Content-Type: text/plain; charset=utf-8

                \(sample.text)
                """)

        #expect(message.kind == .bounce)
        #expect(message.bouncedRecipients.map(\.address) == ["gone@nowhere.example"])
        #expect(message.bouncedRecipients.map(\.isPermanent) == [sample.isPermanent])
    }
}
