import SimulatedQdrant

/// A request that changed something, with all that its effect depends on.
///
/// Credentials are left out: they would be secrets on a disk, and a replay asks for none.
struct LogRecord: Equatable {
  var request: SimulatedRequest
  /// Seconds since 1970, as the server was given them.
  var now: Double
  /// Non-nil when a fault let only so many sections of it take effect.
  var partialLimit: Int?

  init(request: SimulatedRequest, now: Double, partialLimit: Int?) {
    self.request = request
    self.request.headers.removeAll {
      $0.name == "api-key" || $0.name == "authorization" || $0.name == "cookie"
    }
    self.now = now
    self.partialLimit = partialLimit
  }

  /// Length, its complement, the checksum of the payload, and the payload.
  var frame: [UInt8] {
    var payload = ByteWriter()
    payload.append(now.bitPattern)
    payload.append(UInt64(bitPattern: Int64(partialLimit ?? -1)))
    payload.append(request.method)
    payload.append(request.target)
    payload.append(UInt32(clamping: request.headers.count))
    for header in request.headers {
      payload.append(header.name)
      payload.append(header.value)
    }
    payload.append(request.body)
    var frame = ByteWriter()
    let length = UInt32(clamping: payload.bytes.count)
    frame.append(length)
    frame.append(~length)
    frame.append(Checksum.crc32(payload.bytes[...]))
    return frame.bytes + payload.bytes
  }

  static let frameHeaderSize = 12

  /// Reads a payload; nil when it is none.
  init?(payload: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes: payload)
    guard let now = reader.integer(UInt64.self), let limit = reader.integer(UInt64.self),
      let method = reader.text(), let target = reader.text(),
      let headerCount = reader.integer(UInt32.self)
    else { return nil }
    var headers: [(name: String, value: String)] = []
    for _ in 0..<headerCount {
      guard let name = reader.text(), let value = reader.text() else { return nil }
      headers.append((name, value))
    }
    guard let body = reader.block(), reader.isAtEnd else { return nil }
    request = SimulatedRequest(
      method: method, target: target, headers: headers, body: Array(body))
    self.now = Double(bitPattern: now)
    let partial = Int(Int64(bitPattern: limit))
    partialLimit = partial < 0 ? nil : partial
  }
}

/// Appends integers (little end first) and blocks with their length.
struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ block: [UInt8]) {
    append(UInt32(clamping: block.count))
    bytes.append(contentsOf: block)
  }

  mutating func append(_ text: String) { append(Array(text.utf8)) }
}

/// Takes back what a `ByteWriter` appended; nil once the bytes do not suffice.
struct ByteReader {
  var bytes: ArraySlice<UInt8>

  var isAtEnd: Bool { bytes.isEmpty }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) -> Value? {
    let size = Value.bitWidth / 8
    guard bytes.count >= size else { return nil }
    var value: Value = 0
    for byte in bytes.prefix(size).reversed() { value = value << 8 | Value(byte) }
    bytes.removeFirst(size)
    return value
  }

  mutating func block() -> ArraySlice<UInt8>? {
    guard let count = integer(UInt32.self), bytes.count >= Int(count) else { return nil }
    defer { bytes.removeFirst(Int(count)) }
    return bytes.prefix(Int(count))
  }

  mutating func text() -> String? { block().map { String(decoding: $0, as: UTF8.self) } }
}

/// The checksum of zip, gzip and PNG (polynomial 0xEDB88320).
enum Checksum {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
    }
  }

  static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      bytes.withUnsafeBufferPointer { bytes in
        var value = UInt32.max
        for byte in bytes {
          value = value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)]
        }
        return ~value
      }
    }
  }
}
