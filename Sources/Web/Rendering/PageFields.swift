@_spi(Reflection) import Swift
import Synchronization

/// Where the stored properties of a type lie and how each is read. Found out once for each type: `Mirror` asks the
/// runtime anew for every property of every row, which was a third of a page.
struct PageShape: Sendable {
    struct Property: Sendable {
        /// Bytes from the start of the struct.
        var offset: Int
        var field: any PageField
    }

    private static let known = Mutex<[ObjectIdentifier: PageShape]>([:])

    private(set) var properties: [String: Property] = [:]

    static func of(_ type: Any.Type) -> PageShape {
        let id = ObjectIdentifier(type)
        if let shape = known.withLock({ $0[id] }) { return shape }
        var shape = PageShape()
        _ = _forEachField(of: type) { name, offset, type, _ in
            shape.properties[String(cString: name)] = Property(offset: offset, field: field(of: type))
            return true
        }
        known.withLock { [shape] in $0[id] = shape }
        return shape
    }

    fileprivate static func field(of type: Any.Type) -> any PageField {
        if let type = type as? any PageFieldType.Type { return type.field }
        if let type = type as? any PageCase.Type { return type.field }
        return _openExistential(type, do: structureField)
    }
}

/// Asked for its one property, to learn of what kind a type is.
private struct Holder<Value> {
    let value: Value
}

private func structureField<Value>(_: Value.Type) -> any PageField {
    var isStruct = false
    _ = _forEachField(of: Holder<Value>.self) { _, _, _, kind in
        isStruct = kind == .struct
        return true
    }
    let isOurs = !String(reflecting: Value.self).hasPrefix("Swift.")
    precondition(isStruct && isOurs, "a page may hold no \(Value.self)")
    return StructureField<Value>()
}

/// Reads a value of one type where it lies in memory.
protocol PageField: Sendable {
    func value(at memory: UnsafeRawPointer) -> PageValue
}

/// A type that has a field of its own; every other one is a struct.
private protocol PageFieldType {
    static var field: any PageField { get }
}

extension String: PageFieldType { fileprivate static var field: any PageField { PlainField<String> { .text($0) } } }

extension Bool: PageFieldType { fileprivate static var field: any PageField { PlainField<Bool> { .truth($0) } } }

extension Int: PageFieldType { fileprivate static var field: any PageField { PlainField<Int> { .number($0) } } }

extension Phrase: PageFieldType { fileprivate static var field: any PageField { PlainField<Phrase> { .phrase($0) } } }

extension PageCase {
    fileprivate static var field: any PageField { CaseField<Self>() }
}

extension Optional: PageFieldType {
    fileprivate static var field: any PageField { OptionalField<Wrapped>(wrapped: PageShape.field(of: Wrapped.self)) }
}

extension Array: PageFieldType {
    fileprivate static var field: any PageField { ArrayField<Element>(element: PageShape.field(of: Element.self)) }
}

private struct PlainField<Value>: PageField {
    let make: @Sendable (Value) -> PageValue

    func value(at memory: UnsafeRawPointer) -> PageValue { make(memory.assumingMemoryBound(to: Value.self).pointee) }
}

private struct OptionalField<Wrapped>: PageField {
    let wrapped: any PageField

    func value(at memory: UnsafeRawPointer) -> PageValue {
        guard let value = memory.assumingMemoryBound(to: Wrapped?.self).pointee else { return .absent }
        return withUnsafePointer(to: value) { wrapped.value(at: $0) }
    }
}

private struct ArrayField<Element>: PageField {
    let element: any PageField

    func value(at memory: UnsafeRawPointer) -> PageValue {
        memory.assumingMemoryBound(to: [Element].self).pointee.withUnsafeBufferPointer { buffer in
            .several(
                buffer.indices.map { index in
                    withUnsafePointer(to: buffer[index]) { element.value(at: $0) }
                })
        }
    }
}

private struct CaseField<Case: PageCase>: PageField {
    let questions = Dictionary(uniqueKeysWithValues: Case.allCases.map { ("is-" + $0.rawValue, $0.rawValue) })

    func value(at memory: UnsafeRawPointer) -> PageValue {
        .oneOf(memory.assumingMemoryBound(to: Case.self).pointee.rawValue, questions: questions)
    }
}

private struct StructureField<Value>: PageField {
    func value(at memory: UnsafeRawPointer) -> PageValue {
        .structure(PageStructureOf(memory.assumingMemoryBound(to: Value.self).pointee))
    }
}
