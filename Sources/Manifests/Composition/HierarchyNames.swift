import JSON

/// Reads names back into the values of their levels.
enum HierarchyNames {
  /// Whether a name is made of these parts with values that the levels take.
  ///
  /// Between two levels stands a character that neither may hold, so that the first place of the
  /// separator is the only one, and nothing has to be tried twice.
  static func values(
    of name: String, parts: ArraySlice<NameTemplate.Part>, levels: [HierarchyLevel]
  ) -> Bool {
    var rest = Array(name.utf8)[...]
    var parts = parts
    while let part = parts.popFirst() {
      switch part {
      case .literal(let text):
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
      case .level(let index):
        let value = value(rest, before: parts, levels: levels, level: levels[index])
        guard let value, levels[index].accepts(String(decoding: value, as: UTF8.self)) else {
          return false
        }
        rest = rest.dropFirst(value.count)
      }
    }
    return rest.isEmpty
  }

  /// The bytes of a level: up to the next literal, or all that is left.
  private static func value(
    _ rest: ArraySlice<UInt8>, before parts: ArraySlice<NameTemplate.Part>,
    levels: [HierarchyLevel], level: HierarchyLevel
  ) -> ArraySlice<UInt8>? {
    guard case .literal(let text)? = parts.first else { return rest }
    let mark = Array(text.utf8)
    // What follows the last level is the end of the name and may well stand in it, too.
    if parts.count == 1 {
      return rest.count >= mark.count ? rest.dropLast(mark.count) : nil
    }
    return rest.indices.first { rest[$0...].starts(with: mark) }.map { rest[..<$0] }
  }
}
