package import Diagnostics
package import JSON

/// What `kind: Policy` says: rules that a plan must satisfy.
package struct PolicyDeclaration: Sendable, Hashable {
  /// A rule that is demanded, with its parameters.
  package struct Setting: Sendable, Hashable {
    /// The rule's name, which is one of the table's.
    package var rule: String
    package var severity: PolicySeverity
    /// Only what was written; the rest has its standard value.
    package var parameters: JSONObject
    /// Where the rule's name stands.
    package var span: SourceSpan

    package init(
      rule: String, severity: PolicySeverity, parameters: JSONObject = [:], span: SourceSpan
    ) {
      self.rule = rule
      self.severity = severity
      self.parameters = parameters
      self.span = span
    }
  }

  /// An exception with an end and somebody who answers for it.
  package struct Waiver: Sendable, Hashable {
    package var rule: String
    package var address: AddressPattern
    /// The last day on which it holds.
    package var until: CivilDate
    package var owner: String
    package var span: SourceSpan

    package init(
      rule: String, address: AddressPattern, until: CivilDate, owner: String, span: SourceSpan
    ) {
      self.rule = rule
      self.address = address
      self.until = until
      self.owner = owner
      self.span = span
    }
  }

  package var name: String
  package var span: SourceSpan
  /// The labels that a cluster must have; none: every cluster.
  package var labels: [String: String] = [:]
  /// The resources that are meant; none: all of them.
  package var addresses: [AddressPattern] = []
  /// In the order in which they were written.
  package var settings: [Setting] = []
  package var waivers: [Waiver] = []

  package init(name: String, span: SourceSpan) {
    self.name = name
    self.span = span
  }
}

/// Addresses by their text, where `*` stands for any characters: `collection/legal.*`.
///
/// It is held against the local address and against the one with the cluster, byte by byte.
package struct AddressPattern: Sendable, Hashable, CustomStringConvertible {
  package var text: String

  package init(_ text: String) { self.text = text }

  package var description: String { text }

  /// Whether it means that resource.
  package func matches(_ address: ResourceAddress) -> Bool {
    let wildcard = Wildcard(text)
    return wildcard.matches(address.local) || wildcard.matches(address.description)
  }

  /// Whether a name is meant by a pattern for names: `bm25*`.
  package func matches(_ name: ExactString) -> Bool { Wildcard(text).matches(name.string) }
}

/// A day of the calendar, without a time or a zone: `2027-01-31`.
package struct CivilDate: Sendable, Hashable, Comparable, CustomStringConvertible {
  package let year: Int
  package let month: Int
  package let day: Int

  /// A day as ISO 8601 writes it; nil for anything else, the 30th of February included.
  package init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.count) == [4, 2, 2],
      parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    let numbers = parts.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    guard numbers.count == 3, (1...12).contains(numbers[1]),
      (1...CivilDate.days(in: numbers[1], of: numbers[0])).contains(numbers[2])
    else { return nil }
    (year, month, day) = (numbers[0], numbers[1], numbers[2])
  }

  /// The day of a time such as `2027-01-31T12:00:00Z`.
  package init?(timestamp: String) { self.init(String(timestamp.prefix(10))) }

  private static func days(in month: Int, of year: Int) -> Int {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  package static func < (left: CivilDate, right: CivilDate) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  package var description: String {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}
