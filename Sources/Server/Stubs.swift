struct MailFetching { init(_ s: Services) {}; func run() async {} }
