/// What a host text is when read as an IPv4 address, the way C libraries read one.
///
/// `169.254.169.254`, `2852039166`, `0xA9FEA9FE`, `0251.0376.0251.0376` and `169.254.43518` are one
/// address; only the first spelling is accepted in a manifest.
enum IPv4Spelling: Equatable {
  /// Not an address: the last label is no number.
  case none
  /// Four decimal numbers without leading zeros.
  case canonical(UInt32)
  /// Another spelling of an address.
  case unusual(UInt32)
  /// The last label is a number, but the whole is no address.
  case malformed

  init(_ host: String) {
    let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard let last = labels.last, Self.looksNumeric(last) else {
      self = .none
      return
    }
    let numbers = labels.map(Self.number)
    guard labels.count <= 4, let address = Self.assemble(numbers) else {
      self = .malformed
      return
    }
    let isCanonical = IPAddressRanges.text(ofIPv4: address).utf8.elementsEqual(host.utf8)
    self = isCanonical ? .canonical(address) : .unusual(address)
  }

  private static func looksNumeric(_ label: Substring.UTF8View) -> Bool {
    label.allSatisfy(EndpointURLParser.isDigit) || number(label) != nil
  }

  /// Decimal, octal with a leading 0, hexadecimal with a leading 0x; at most 32 bits.
  private static func number(_ label: Substring.UTF8View) -> UInt32? {
    let text = String(decoding: label, as: UTF8.self).lowercased()
    guard let first = text.utf8.first, EndpointURLParser.isDigit(first) else { return nil }
    if text.hasPrefix("0x") {
      let digits = text.dropFirst(2)
      guard digits.utf8.allSatisfy(EndpointURLParser.isHexDigit) else { return nil }
      return digits.isEmpty ? 0 : UInt32(digits, radix: 16)
    }
    return text.hasPrefix("0") && text.utf8.count > 1
      ? UInt32(text, radix: 8) : UInt32(text, radix: 10)
  }

  /// All numbers but the last are one byte each; the last fills what is left.
  private static func assemble(_ numbers: [UInt32?]) -> UInt32? {
    var address: UInt32 = 0
    for (index, number) in numbers.enumerated() {
      guard let number else { return nil }
      if index < numbers.count - 1 {
        guard number < 256 else { return nil }
        address |= number << UInt32(24 - 8 * index)
      } else {
        let width = UInt64(8 * (4 - index))
        guard UInt64(number) < 1 << width else { return nil }
        address |= number
      }
    }
    return address
  }
}

/// An IPv6 address.
struct IPv6Address: Equatable, CustomStringConvertible {
  /// Eight groups of sixteen bits.
  let groups: [UInt16]

  /// Reads the text form (RFC 4291), with `::` and a dotted IPv4 tail; nil when it is none.
  init?(_ text: some Collection<UInt8>) {
    var head: [UInt16] = []
    var tail: [UInt16]?
    var rest = Array(text)[...]
    if rest.starts(with: "::".utf8) {
      tail = []
      rest = rest.dropFirst(2)
    }
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
      guard let groups = Self.groups(rest[..<end], isLast: end == rest.endIndex) else { return nil }
      if tail == nil { head += groups } else { tail?.append(contentsOf: groups) }
      rest = rest[end...]
      guard !rest.isEmpty else { break }
      if rest.starts(with: "::".utf8) {
        guard tail == nil else { return nil }
        tail = []
        rest = rest.dropFirst(2)
      } else {
        rest = rest.dropFirst()
        guard !rest.isEmpty else { return nil }
      }
    }
    let count = head.count + (tail?.count ?? 0)
    guard tail == nil ? count == 8 : count < 8 else { return nil }
    groups = head + Array(repeating: 0, count: 8 - count) + (tail ?? [])
  }

  private static func groups(_ text: ArraySlice<UInt8>, isLast: Bool) -> [UInt16]? {
    let string = String(decoding: text, as: UTF8.self)
    if isLast, text.contains(UInt8(ascii: ".")) {
      guard case .canonical(let address) = IPv4Spelling(string) else { return nil }
      return [UInt16(address >> 16), UInt16(address & 0xFFFF)]
    }
    guard (1...4).contains(text.count), text.allSatisfy(EndpointURLParser.isHexDigit) else {
      return nil
    }
    return UInt16(string, radix: 16).map { [$0] }
  }

  /// The canonical form (RFC 5952): lower case, the longest run of zero groups as `::`.
  var description: String {
    var best = 0..<0
    var start: Int?
    for index in 0...8 {
      if index < 8, groups[index] == 0 {
        start = start ?? index
      } else if let from = start {
        if index - from > max(best.count, 1) { best = from..<index }
        start = nil
      }
    }
    let texts = groups.map { String($0, radix: 16) }
    guard !best.isEmpty else { return texts.joined(separator: ":") }
    return texts[..<best.lowerBound].joined(separator: ":") + "::"
      + texts[best.upperBound...].joined(separator: ":")
  }

  /// The IPv4 address inside a mapped (`::ffff:0:0/96`), compatible (`::/96`) or NAT64
  /// (`64:ff9b::/96`) address.
  var embeddedIPv4: UInt32? {
    let isMapped = groups[..<5].allSatisfy { $0 == 0 } && groups[5] == 0xFFFF
    let isCompatible = groups[..<6].allSatisfy { $0 == 0 } && groups[6] != 0
    let isNAT64 = Array(groups[..<6]) == [0x64, 0xFF9B, 0, 0, 0, 0]
    guard isMapped || isCompatible || isNAT64 else { return nil }
    return UInt32(groups[6]) << 16 | UInt32(groups[7])
  }
}

/// Which addresses are no servers of ours.
enum IPAddressRanges {
  /// Link-local (169.254.0.0/16, where clouds serve credentials), the metadata address of a cloud
  /// that uses another range, and the unspecified address.
  static func objection(toIPv4 address: UInt32) -> EndpointURLError.Fact? {
    if address >> 16 == 0xA9FE || address == 0x6464_64C8 {
      return .linkLocalAddress(canonical: text(ofIPv4: address))
    }
    return address == 0 ? .unspecifiedAddress : nil
  }

  /// fe80::/10, the metadata address fd00:ec2::254, `::`, and IPv4 addresses in IPv6 clothing.
  static func objection(to address: IPv6Address) -> EndpointURLError.Fact? {
    let groups = address.groups
    let isMetadata = groups == [0xFD00, 0xEC2, 0, 0, 0, 0, 0, 0x254]
    if groups[0] & 0xFFC0 == 0xFE80 || isMetadata {
      return .linkLocalAddress(canonical: address.description)
    }
    if groups.allSatisfy({ $0 == 0 }) { return .unspecifiedAddress }
    return address.embeddedIPv4.flatMap(objection(toIPv4:))
  }

  static func text(ofIPv4 address: UInt32) -> String {
    [24, 16, 8, 0].map { String(address >> UInt32($0) & 0xFF) }.joined(separator: ".")
  }
}
