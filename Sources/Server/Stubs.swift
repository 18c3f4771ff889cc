import Base
import Outbox
import ServiceLifecycle
enum MailTransport { static func make(_ s: Settings) -> Transport { Transport { _, _, _ in [] } } }
struct MailFetching { init(_ s: Services) {}; func run() async {} }
