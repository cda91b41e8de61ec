/// Host names in the form in which they are looked up.
enum HostName {
  /// Names under which clouds serve the credentials of a machine.
  static let metadataNames: Set<String> = ["metadata", "metadata.google.internal"]

  /// Lower case, other letters in punycode, no trailing dot; nil when the text is no host name
  /// (labels of 1–63 letters, digits, hyphens and underscores, at most 253 bytes).
  ///
  /// Letters are lower-cased and nothing else is mapped: a name that is not in its normal form is
  /// looked up as written, and not found, rather than silently becoming another one.
  static func ascii(_ text: String) -> String? {
    var labels = text.lowercased().unicodeScalars.split(
      separator: ".", omittingEmptySubsequences: false)
    if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
    var parts: [String] = []
    for label in labels {
      guard let part = ascii(label: Array(label)) else { return nil }
      parts.append(part)
    }
    let host = parts.joined(separator: ".")
    return host.utf8.count <= 253 ? host : nil
  }

  private static func ascii(label: [Unicode.Scalar]) -> String? {
    guard
      label.allSatisfy({ scalar in
        scalar.isASCII
          ? isLabelByte(UInt8(scalar.value))
          : scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
            || scalar.properties.generalCategory == .nonspacingMark
      })
    else { return nil }
    let text =
      label.allSatisfy(\.isASCII)
      ? String(String.UnicodeScalarView(label)) : Punycode.encode(label).map { "xn--" + $0 }
    guard let text, (1...63).contains(text.utf8.count), !text.hasPrefix("-"), !text.hasSuffix("-")
    else { return nil }
    return text
  }

  private static func isLabelByte(_ byte: UInt8) -> Bool {
    EndpointURLParser.isLetter(byte) || EndpointURLParser.isDigit(byte)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}

/// Punycode (RFC 3492), the encoding half.
enum Punycode {
  private static let base = 36
  private static let digits = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)

  /// The label without its `xn--`; nil on overflow, which no label of a legal length reaches.
  static func encode(_ label: [Unicode.Scalar]) -> String? {
    var output = label.filter(\.isASCII).map { UInt8($0.value) }
    let basicCount = output.count
    if basicCount > 0 { output.append(UInt8(ascii: "-")) }
    var next = 128
    var delta = 0
    var bias = 72
    var handled = basicCount
    while handled < label.count {
      guard let smallest = label.map({ Int($0.value) }).filter({ $0 >= next }).min() else {
        return nil
      }
      let (step, overflow) = (smallest - next).multipliedReportingOverflow(by: handled + 1)
      guard !overflow, delta + step < 1 << 40 else { return nil }
      delta += step
      next = smallest
      for scalar in label {
        let value = Int(scalar.value)
        if value < next { delta += 1 }
        guard value == next else { continue }
        appendVariableLength(delta, bias: bias, to: &output)
        bias = adapted(delta, count: handled + 1, isFirst: handled == basicCount)
        delta = 0
        handled += 1
      }
      delta += 1
      next += 1
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func appendVariableLength(_ delta: Int, bias: Int, to output: inout [UInt8]) {
    var rest = delta
    var position = base
    while true {
      let threshold = min(max(position - bias, 1), 26)
      guard rest >= threshold else { break }
      output.append(digits[threshold + (rest - threshold) % (base - threshold)])
      rest = (rest - threshold) / (base - threshold)
      position += base
    }
    output.append(digits[rest])
  }

  private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
    var rest = isFirst ? delta / 700 : delta / 2
    rest += rest / count
    var steps = 0
    while rest > 35 * 26 / 2 {
      rest /= 35
      steps += base
    }
    return steps + 36 * rest / (rest + 38)
  }
}
