import JSON
import ResourceModel

/// A field's place in the order of paths, in numbers: comparing paths text by text is what would
/// take most of the time of loading.
///
/// Paths of rows are ordered by what stands before the name, then by the name, then by what
/// follows.
struct FieldOrder {
  var prefix: Int32
  /// The number of the name, or -1.
  var name: Int32
  var suffix: Int32
  /// The field's place in the unsorted list.
  var index: Int32
}

/// The ranks of a kind's rows.
struct RowRanks {
  private(set) var prefixes: [Int32]
  private(set) var suffixes: [Int32]
  /// False when a row without a name lies among rows with one, which ranks cannot order.
  private(set) var isSufficient = true

  init(_ rows: [FieldSpec]) {
    let split = rows.map { row in
      let segments = row.path.segments
      let at = segments.firstIndex(of: .name) ?? segments.count
      return (RowRanks.path(segments[..<at]), RowRanks.path(segments[at...].dropFirst()))
    }
    prefixes = RowRanks.ranks(split.map(\.0))
    suffixes = RowRanks.ranks(split.map(\.1))
    let named = Set(zip(rows, split).filter { $0.0.path.fixedPath == nil }.map(\.1.0))
    for (row, parts) in zip(rows, split) where row.path.fixedPath != nil {
      if named.contains(where: { parts.0 != $0 && parts.0.isWithin($0) }) { isSufficient = false }
    }
    if rows.contains(where: { $0.path.segments.filter { $0 == .name }.count > 1 }) {
      isSufficient = false
    }
  }

  private static func path(_ segments: ArraySlice<FieldPattern.Segment>) -> FieldPath {
    FieldPath(
      segments.map { segment in
        if case .key(let key) = segment { return ExactString(key) }
        return ""
      })
  }

  private static func ranks(_ paths: [FieldPath]) -> [Int32] {
    var numbers: [FieldPath: Int32] = [:]
    for path in Set(paths).sorted() { numbers[path] = Int32(truncatingIfNeeded: numbers.count) }
    return paths.map { numbers[$0] ?? 0 }
  }
}

extension ManifestDecoder {
  /// The fields in the order of their paths.
  func sorted(_ output: Output) -> [DesiredField] {
    let fields = output.fields
    if fields.count < 2 { return fields }
    guard output.order.count == fields.count else { return fields.sorted { $0.path < $1.path } }
    let names = reader.keys.strings
    let order = output.order.sorted { left, right in
      if left.prefix != right.prefix { return left.prefix < right.prefix }
      if left.name != right.name {
        if left.name < 0 || right.name < 0 { return left.name < 0 }
        return names[Int(left.name)] < names[Int(right.name)]
      }
      if left.suffix != right.suffix { return left.suffix < right.suffix }
      return left.index < right.index
    }
    return order.map { fields[Int($0.index)] }
  }
}
