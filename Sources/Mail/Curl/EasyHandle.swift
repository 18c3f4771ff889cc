import CCurl
import Foundation

/// One libcurl easy handle with its connection. Not Sendable: it stays on the thread that made it.
final class EasyHandle {
    /// One line of the conversation, as it went over the wire.
    enum Line {
        case sent([UInt8])
        case received([UInt8])
    }

    /// What came of one transfer.
    struct Outcome {
        let code: CURLcode
        /// libcurl's words, for the log only.
        let words: String

        var isDone: Bool { code == CURLE_OK }
    }

    /// Bytes of the answer; false stops the transfer.
    var onBody: (UnsafeRawBufferPointer) -> Bool = { _ in true }
    /// Fills a buffer with bytes to send: how many, 0 at the end, nil to stop the transfer.
    var onRead: (UnsafeMutableRawBufferPointer) -> Int? = { _ in 0 }
    var onLine: (Line) -> Void = { _ in }

    private let handle: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var lists: [CURLoption.RawValue: UnsafeMutablePointer<curl_slist>] = [:]
    private static let isStarted = liaison_curl_start() == CURLE_OK

    init() {
        guard Self.isStarted, let made = curl_easy_init() else { preconditionFailure("libcurl did not start") }
        handle = made
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        // No signals, because other threads live here; no proxy of the environment for mail.
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_VERBOSE, 1)
        liaison_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
        hearCallbacks()
    }

    deinit {
        curl_easy_cleanup(handle)
        for list in lists.values { curl_slist_free_all(list) }
        errorText.deallocate()
    }

    func set(_ option: CURLoption, _ value: Int) { liaison_curl_set_long(handle, option, value) }

    func set(_ option: CURLoption, size: Int) { liaison_curl_set_size(handle, option, curl_off_t(size)) }

    /// libcurl copies the text; nil takes the option away.
    func set(_ option: CURLoption, _ value: String?) { liaison_curl_set_text(handle, option, value) }

    /// libcurl keeps the list, so the handle owns it until the next one or its own end.
    func set(_ option: CURLoption, list values: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for value in values { list = curl_slist_append(list, value) ?? list }
        liaison_curl_set_list(handle, option, list)
        if let old = lists.removeValue(forKey: option.rawValue) { curl_slist_free_all(old) }
        lists[option.rawValue] = list
    }

    /// Blocks until the transfer is over.
    func perform() -> Outcome {
        errorText[0] = 0
        let code = curl_easy_perform(handle)
        let words = errorText[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
        return Outcome(code: code, words: words)
    }

    /// How many connections the last transfer had to open: 0 when it used the open one.
    var newConnections: Int {
        var count = 0
        liaison_curl_get_long(handle, CURLINFO_NUM_CONNECTS, &count)
        return count
    }

    /// The answer's status of HTTP.
    var status: Int {
        var status = 0
        liaison_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        return status
    }

    /// The socket of the open connection.
    var socket: Int32? {
        var socket: curl_socket_t = -1
        guard liaison_curl_get_socket(handle, &socket) == CURLE_OK, socket >= 0 else { return nil }
        return socket
    }

    // The handle outlives none of its callbacks: they run only inside `perform`, a method of the object they point to.
    private func hearCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        liaison_curl_on_write(
            handle,
            { bytes, size, count, context in
                let easy = EasyHandle.from(context)
                return easy.onBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
            }, context)
        liaison_curl_on_read(
            handle,
            { bytes, size, count, context in
                let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
                return EasyHandle.from(context).onRead(buffer) ?? Int(CURL_READFUNC_ABORT)
            }, context)
        liaison_curl_on_debug(
            handle,
            { _, kind, bytes, count, context in
                // Content is not copied here: only what is said about it.
                guard kind == CURLINFO_HEADER_OUT || kind == CURLINFO_HEADER_IN else { return 0 }
                let line = Array(UnsafeRawBufferPointer(start: bytes, count: count))
                EasyHandle.from(context).onLine(kind == CURLINFO_HEADER_OUT ? .sent(line) : .received(line))
                return 0
            }, context)
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> EasyHandle {
        Unmanaged<EasyHandle>.fromOpaque(context!).takeUnretainedValue()
    }
}
