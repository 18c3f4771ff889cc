import Base
package enum MessageParser {
    package static func parse(_ raw: [UInt8]) -> ParsedMessage { ParsedMessage() }
}
