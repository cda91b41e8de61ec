import Diagnostics
import ResourceModel

/// Lays one value over another: maps merge deep, everything else replaces.
///
/// Two rules come from the rows. Of a part that takes exactly one alternative (quantization) the
/// upper alternative replaces the lower one, since nothing could take it away otherwise. And a
/// payload index in its short form means a mapping with its type, and merges as one.
struct Layering {
  let kind: CompiledKind
  /// The key under which a scalar stands for a mapping with one field, by the key of its list.
  let shortFields: [Int32: Int32]
  /// Where a value got another form than the one below it, and any value may stand.
  private(set) var problems: [Diagnostic] = []

  init(kind: CompiledKind, shortFields: [Int32: Int32]) {
    self.kind = kind
    self.shortFields = shortFields
  }

  /// A part of a collection: its place among the rows, or that of a list of children.
  private enum Place {
    case node(Int)
    case children(short: Int32)
    case child(short: Int32)
    case elsewhere
  }

  /// A whole document over another one.
  mutating func merge(_ upper: ManifestValue, over lower: ManifestValue) -> ManifestValue {
    merge(upper, over: lower, at: .node(0))
  }

  private mutating func merge(
    _ upper: ManifestValue, over lower: ManifestValue, at place: Place
  ) -> ManifestValue {
    var upper = upper
    var lower = lower
    if case .child(let short) = place {
      upper = lifted(upper, short)
      lower = lifted(lower, short)
    }
    guard upper.isMapping, lower.isMapping, !replacesAlternative(upper, lower, place) else {
      checkForm(upper, lower, place)
      upper.chain = Layering.chain(upper, over: lower)
      return upper
    }
    var entries = lower.entries
    var places: [Int32: Int] = [:]
    for (index, entry) in entries.enumerated() { places[entry.key] = index }
    for entry in upper.entries {
      if let index = places[entry.key] {
        entries[index].value = merge(
          entry.value, over: entries[index].value, at: next(place, entry.key))
        entries[index].keySpan = entry.keySpan
      } else {
        entries.append(entry)
      }
    }
    upper.content = .mapping(entries)
    upper.chain = Layering.chain(upper, over: lower)
    return upper
  }

  /// Who said something about a value: each place once, as classes are met on several ways.
  private static func chain(
    _ upper: ManifestValue, over lower: ManifestValue
  ) -> [Provenance.Link] {
    let last = upper.contributors
    return lower.contributors.filter { !last.contains($0) } + last
  }

  private func next(_ place: Place, _ key: Int32) -> Place {
    switch place {
    case .node(let node):
      let child = kind.child(of: node, key)
      if child >= 0 { return .node(child) }
      if node == 0, let short = shortFields[key] { return .children(short: short) }
      let named = Int(kind.shapes[node].anyName)
      return named >= 0 ? .node(named) : .elsewhere
    case .children(let short): return .child(short: short)
    case .child, .elsewhere: return .elsewhere
    }
  }

  /// A scalar as the mapping that it is short for.
  private func lifted(_ value: ManifestValue, _ short: Int32) -> ManifestValue {
    guard value.text != nil, !value.isNull else { return value }
    var mapping = value
    mapping.content = .mapping([
      ManifestValue.Entry(key: short, keySpan: value.span, value: value)
    ])
    return mapping
  }

  private func replacesAlternative(
    _ upper: ManifestValue, _ lower: ManifestValue, _ place: Place
  ) -> Bool {
    guard case .node(let node) = place, kind.shapes[node].isExclusive else { return false }
    let lowerKeys = Set(lower.entries.map(\.key))
    return upper.entries.contains { !lowerKeys.contains($0.key) }
  }

  /// Where rows tell the type, the decoder sees to it; in metadata nobody else would.
  private mutating func checkForm(
    _ upper: ManifestValue, _ lower: ManifestValue, _ place: Place
  ) {
    guard !upper.isNull, !lower.isNull, upper.form != lower.form else { return }
    switch place {
    case .node(let node):
      let row = Int(kind.shapes[node].row)
      guard row >= 0, kind.types[row] == .any else { return }
    case .elsewhere: break
    case .children, .child: return
    }
    problems.append(
      Messages.changesForm(
        lower.form, upper.form, at: upper.span, lower: lower.span))
  }
}

extension ManifestValue {
  /// Its form in words.
  fileprivate var form: String {
    switch content {
    case .scalar: "a single value"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}
