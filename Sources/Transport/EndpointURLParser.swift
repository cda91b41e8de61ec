/// Reads the text of an ``EndpointURL`` byte by byte, keeping offsets.
struct EndpointURLParser {
  struct Parts {
    var scheme: EndpointURL.Scheme
    var host: String
    var port: Int
    var basePath: String
  }

  /// Longer than any address that is not an attack.
  static let limit = 2048

  private let bytes: [UInt8]
  private(set) var notes: [EndpointURL.Note] = []

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The parts, or the first objection from left to right (forbidden characters before structure).
  mutating func parse() throws(EndpointURLError) -> Parts {
    guard !bytes.isEmpty else { throw EndpointURLError(fact: .empty, range: 0..<0) }
    guard bytes.count <= Self.limit else {
      throw EndpointURLError(fact: .tooLong(limit: Self.limit), range: Self.limit..<bytes.count)
    }
    try refuseUserInfo()
    let (scheme, start) = try parseScheme()
    try refuseForbiddenBytes()
    let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.count
    let (hostRange, portRange) = try split(start..<end)
    let host = try parseHost(hostRange)
    let port = try parsePort(portRange, scheme: scheme, hostRange: hostRange)
    let basePath = try parsePath(end..<bytes.count)
    return Parts(scheme: scheme, host: host, port: port, basePath: basePath)
  }

  /// Comes first, and takes an `@` wherever it stands, because a password may hold any character:
  /// it must not be looked at, and pointed at, as a port or a path.
  private func refuseUserInfo() throws(EndpointURLError) {
    guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return }
    let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
    let start = colon.flatMap { bytes[$0...].starts(with: "://".utf8) ? $0 + 3 : nil } ?? 0
    throw EndpointURLError(fact: .userInfo, range: min(start, at)..<at + 1)
  }

  private func parseScheme() throws(EndpointURLError) -> (EndpointURL.Scheme, Int) {
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      bytes[colon...].starts(with: "://".utf8), colon > 0
    else { throw EndpointURLError(fact: .missingScheme, range: 0..<min(1, bytes.count)) }
    let name = String(decoding: bytes[..<colon].map(Self.lowercased), as: UTF8.self)
    guard let scheme = EndpointURL.Scheme(rawValue: name) else {
      throw EndpointURLError(fact: .unsupportedScheme, range: 0..<colon)
    }
    return (scheme, colon + 3)
  }

  private func refuseForbiddenBytes() throws(EndpointURLError) {
    for (offset, byte) in bytes.enumerated() {
      let fact: EndpointURLError.Fact? =
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: .whitespace
        case 0x00..<0x20, 0x7F: .controlCharacter
        case UInt8(ascii: "\\"): .backslash
        case UInt8(ascii: "?"): .query
        case UInt8(ascii: "#"): .fragment
        default: nil
        }
      guard let fact else { continue }
      let isTail = fact == .query || fact == .fragment
      throw EndpointURLError(fact: fact, range: offset..<(isTail ? bytes.count : offset + 1))
    }
  }

  /// Cuts the authority at the colon before the port, if there is one.
  private func split(
    _ authority: Range<Int>
  ) throws(EndpointURLError) -> (host: Range<Int>, port: Range<Int>?) {
    guard !authority.isEmpty else { throw EndpointURLError(fact: .emptyHost, range: authority) }
    var hostEnd = authority.upperBound
    if bytes[authority.lowerBound] == UInt8(ascii: "[") {
      guard let bracket = bytes[authority].firstIndex(of: UInt8(ascii: "]")) else {
        throw EndpointURLError(fact: .malformedIPv6Address, range: authority)
      }
      hostEnd = bracket + 1
      guard hostEnd == authority.upperBound || bytes[hostEnd] == UInt8(ascii: ":") else {
        throw EndpointURLError(fact: .malformedHost, range: hostEnd..<authority.upperBound)
      }
    } else if let colon = bytes[authority].firstIndex(of: UInt8(ascii: ":")) {
      hostEnd = colon
    }
    let host = authority.lowerBound..<hostEnd
    guard !host.isEmpty else { throw EndpointURLError(fact: .emptyHost, range: host) }
    return (host, hostEnd < authority.upperBound ? hostEnd + 1..<authority.upperBound : nil)
  }

  private mutating func parseHost(_ range: Range<Int>) throws(EndpointURLError) -> String {
    if bytes[range.lowerBound] == UInt8(ascii: "[") {
      return try parseIPv6(range)
    }
    if let percent = bytes[range].firstIndex(of: UInt8(ascii: "%")) {
      throw EndpointURLError(fact: .percentInHost, range: percent..<percent + 1)
    }
    let text = String(decoding: bytes[range], as: UTF8.self)
    guard let host = HostName.ascii(text) else {
      throw EndpointURLError(fact: .malformedHost, range: range)
    }
    if bytes[range].contains(where: { $0 >= 0x80 }) {
      notes.append(.init(fact: .internationalHost(punycode: host), range: range))
    }
    if HostName.metadataNames.contains(host) {
      throw EndpointURLError(fact: .linkLocalAddress(canonical: host), range: range)
    }
    switch IPv4Spelling(host) {
    case .none: return host
    case .malformed: throw EndpointURLError(fact: .malformedHost, range: range)
    case .canonical(let address):
      try refuse(IPAddressRanges.objection(toIPv4: address), range)
      return host
    case .unusual(let address):
      try refuse(
        IPAddressRanges.objection(toIPv4: address)
          ?? .unusualAddress(canonical: IPAddressRanges.text(ofIPv4: address)), range)
      return host
    }
  }

  private func refuse(
    _ fact: EndpointURLError.Fact?, _ range: Range<Int>
  ) throws(EndpointURLError) {
    if let fact { throw EndpointURLError(fact: fact, range: range) }
  }

  private func parseIPv6(_ range: Range<Int>) throws(EndpointURLError) -> String {
    let inner = range.lowerBound + 1..<range.upperBound - 1
    if let percent = bytes[inner].firstIndex(of: UInt8(ascii: "%")) {
      // A zone makes sense for link-local addresses only, and those are refused.
      throw EndpointURLError(fact: .percentInHost, range: percent..<percent + 1)
    }
    guard let address = IPv6Address(bytes[inner]) else {
      throw EndpointURLError(fact: .malformedIPv6Address, range: range)
    }
    try refuse(IPAddressRanges.objection(to: address), range)
    return address.description
  }

  private mutating func parsePort(
    _ range: Range<Int>?, scheme: EndpointURL.Scheme, hostRange: Range<Int>
  ) throws(EndpointURLError) -> Int {
    guard let range else {
      if scheme == .http {
        notes.append(.init(fact: .defaultPort(scheme.defaultPort), range: hostRange))
      }
      return scheme.defaultPort
    }
    guard !range.isEmpty, bytes[range].allSatisfy(Self.isDigit) else {
      throw EndpointURLError(fact: .malformedPort, range: range)
    }
    guard let port = Int(String(decoding: bytes[range], as: UTF8.self)),
      (1...65535).contains(port)
    else { throw EndpointURLError(fact: .portOutOfRange, range: range) }
    if port == 6334 { notes.append(.init(fact: .grpcPort, range: range)) }
    return port
  }

  private func parsePath(_ range: Range<Int>) throws(EndpointURLError) -> String {
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%") {
        let digits = bytes[min(index + 1, range.upperBound)..<min(index + 3, range.upperBound)]
        guard digits.count == 2, digits.allSatisfy(Self.isHexDigit) else {
          throw EndpointURLError(fact: .malformedPercentEncoding, range: index..<index + 1)
        }
        guard digits != [0x30, 0x30] else {
          throw EndpointURLError(fact: .encodedNUL, range: index..<index + 3)
        }
        index += 3
      } else {
        guard Self.mayStandInPath(byte) else {
          throw EndpointURLError(fact: .characterInPath, range: index..<index + 1)
        }
        index += 1
      }
    }
    for segment in bytes[range].split(separator: UInt8(ascii: "/")) {
      let text = String(decoding: segment.map(Self.lowercased), as: UTF8.self)
      let plain = text.split(separator: "%2e", omittingEmptySubsequences: false)
        .joined(separator: ".")
      if plain == "." || plain == ".." {
        throw EndpointURLError(fact: .dotSegment, range: segment.startIndex..<segment.endIndex)
      }
    }
    var end = range.upperBound
    while end > range.lowerBound, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
    return String(decoding: bytes[range.lowerBound..<end], as: UTF8.self)
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(lowercased(byte))
  }

  static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercased(byte))
  }

  static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  private static func mayStandInPath(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || "/-._~!$&'()*+,;=:".utf8.contains(byte)
  }
}
