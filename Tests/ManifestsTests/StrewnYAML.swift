import JSON
import Manifests
import TestSupport

/// Writes a document as an untidy person would: any indentation, quotes, brackets and order, with
/// blank lines and comments that say which key they belong to.
struct StrewnYAML {
  var random: SeededRandom
  private var number = 0

  init(_ random: SeededRandom) { self.random = random }

  private mutating func comment(_ text: String) -> String {
    number += 1
    return "# \(text) #\(number)"
  }

  private mutating func spaces(_ range: ClosedRange<Int>) -> String {
    String(repeating: " ", count: Int.random(in: range, using: &random))
  }

  mutating func document(_ object: JSONObject) -> String {
    var lines: [String] = []
    if random.chance(0.5) { lines.append("# yaml-language-server: $schema=x.json") }
    if random.chance(0.3) { lines += ["", comment("head") + spaces(0...2)] }
    lines += mapping(object, indent: "", isRoot: true)
    if random.chance(0.3) { lines += [spaces(0...3), comment("tail")] }
    return lines.map { $0 + "\n" }.joined()
  }

  private mutating func mapping(
    _ object: JSONObject, indent: String, isRoot: Bool = false
  ) -> [String] {
    var lines: [String] = []
    for (place, member) in object.members.shuffled(using: &random).enumerated() {
      if random.chance(0.15) { lines += Array(repeating: spaces(0...2), count: 2) }
      while random.chance(0.2) {
        // What stands above the first key of a document is said of the document.
        let owner = isRoot && place == 0 ? "head" : "above \(YAMLWriter.scalar(member.key))"
        lines.append(indent + comment(owner) + spaces(0...1))
      }
      if random.chance(0.1) { lines.append("") }
      lines += self.member(member, indent: indent)
    }
    if random.chance(0.1) { lines.append(indent + comment("below")) }
    return lines
  }

  private mutating func member(_ member: JSONObject.Member, indent: String) -> [String] {
    let key = YAMLWriter.scalar(member.key)
    let opening = indent + scalar(member.key) + (random.chance(0.1) ? " :" : ":")
    let remark = random.chance(0.25) ? spaces(1...3) + comment("behind \(key)") : spaces(0...1)
    if random.chance(0.6) {
      if let object = member.value.object, !object.isEmpty {
        return [opening + remark] + mapping(object, indent: indent + spaces(1...5))
      }
      if let items = member.value.array, !items.isEmpty {
        return [opening + remark] + list(items, indent: indent + spaces(0...4))
      }
    }
    if let text = member.value.string, random.chance(0.1), text.allSatisfy(\.isLetter), text != "" {
      // A blank line with as many blanks as this would be a part of it.
      let inner = indent + spaces(4...6)
      return [opening + " |-" + remark, inner + text] + (random.chance(0.5) ? [""] : [])
    }
    let gap = random.chance(0.1) ? "\n" + indent + spaces(1...3) : spaces(1...2)
    return [opening + gap + flow(member.value, indent: indent + "   ") + remark]
  }

  private mutating func list(_ items: [JSONValue], indent: String) -> [String] {
    var lines: [String] = []
    for item in items {
      if random.chance(0.1) { lines.append("") }
      if random.chance(0.15) { lines.append(indent + comment("item")) }
      if let object = item.object, !object.isEmpty, random.chance(0.7) {
        let gap = spaces(1...3)
        let inner = mapping(object, indent: indent + " " + gap)
        let isInline = inner[0].first { $0 != " " }.map { $0 != "#" } ?? false
        if isInline {
          lines.append(indent + "-" + gap + inner[0].drop { $0 == " " })
          lines += inner.dropFirst()
        } else {
          lines += [indent + "-"] + inner
        }
      } else {
        let remark = random.chance(0.2) ? " " + comment("item") : ""
        lines.append(indent + "-" + spaces(1...2) + flow(item, indent: indent + "   ") + remark)
      }
    }
    return lines
  }

  /// A value with brackets; now and then over several lines, with comments between.
  private mutating func flow(_ value: JSONValue, indent: String) -> String {
    var parts: [String] = []
    let brackets: (String, String)
    switch value {
    case .object(let object):
      brackets = ("{", "}")
      for member in object.members.shuffled(using: &random) {
        parts.append(scalar(member.key) + ": " + flow(member.value, indent: indent))
      }
    case .array(let items):
      brackets = ("[", "]")
      for item in items { parts.append(flow(item, indent: indent)) }
    case .string(let text): return scalar(text)
    case .null: return random.chance(0.5) ? "null" : "~"
    default: return value.text()
    }
    var text = brackets.0
    for (place, part) in parts.enumerated() {
      text += (place == 0 ? "" : ",") + broken(indent) + part
    }
    return text + broken(indent) + brackets.1
  }

  private mutating func broken(_ indent: String) -> String {
    if random.chance(0.03) { return " " + comment("inside") + "\n" + indent }
    return random.chance(0.05) ? "\n\n" + indent : spaces(0...1) + " "
  }

  private mutating func scalar(_ text: String) -> String {
    let plain = YAMLWriter.scalar(text)
    let isHarmless = text.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) }
    guard isHarmless else { return plain }
    switch Int.random(in: 0..<3, using: &random) {
    case 0:
      let quoted = text.unicodeScalars.map { $0 == "'" ? "''" : String($0) }.joined()
      return "'\(quoted)'"
    case 1 where !plain.hasPrefix("\""): return "\"\(plain)\""
    default: return plain
    }
  }
}
