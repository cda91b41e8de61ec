import Diagnostics
import JSON
import ResourceModel

/// What a manifest says about a collection's life.
extension ManifestDecoder {
  /// Reads `lifecycle` into a collection.
  mutating func lifecycle(_ entry: YAMLTree.Entry, into collection: inout DesiredResource) {
    guard reader.tree.kind(entry.value) == .mapping else {
      expectedMapping(entry.value, lifecycleKind, Position(node: 0))
      return
    }
    var output = Output()
    walk(entry.value, lifecycleKind, Position(node: 0), into: &output)
    collection.lifecycle.written = output.fields
    for field in output.fields {
      let key = field.path.segments.first?.string ?? ""
      apply(key, field, to: &collection)
    }
    ignored(entry.value, &collection.lifecycle)
    checkGates(entry.value)
  }

  /// Gates are a list of mappings; what they hold is kept as it is written.
  private mutating func checkGates(_ mapping: Int32) {
    let entries = reader.tree.entries(of: mapping)
    guard let list = entries.first(where: { key($0.key) == "gates" })?.value else { return }
    guard reader.tree.kind(list) == .sequence else {
      report(Messages.expectedList(found(list), at: span(list)))
      return
    }
    for item in reader.tree.elements(of: list) {
      guard reader.tree.kind(item) == .mapping else {
        expectedMapping(item, gateKind, Position(node: 0))
        continue
      }
      var output = Output()
      walk(item, gateKind, Position(node: 0), into: &output)
      for field in output.fields where field.path.description == "timeout" {
        let text = field.value.string ?? ""
        if ValueType.seconds(text) ?? 0 > LocalKinds.longestGate {
          report(Messages.tooLong("1d", Messages.quoted(text), at: field.provenance.span))
        }
      }
      let keys = reader.tree.entries(of: item).map { key($0.key) }
      if !keys.contains("wait"), !keys.contains("golden_queries") {
        report(Messages.noneOf(["wait", "golden_queries"], at: span(item)))
      }
    }
  }

  private func apply(_ key: String, _ field: DesiredField, to collection: inout DesiredResource) {
    let word = field.value.string ?? ""
    switch key {
    case "state": collection.isPresent = word != "absent"
    case "on_delete": collection.lifecycle.onDelete = .init(rawValue: word) ?? .retire
    case "on_replace": collection.lifecycle.onReplace = .init(rawValue: word)
    case "unlisted": collection.lifecycle.unlisted = .init(rawValue: word) ?? .remove
    case "ignore": break
    default:
      collection.lifecycle.later.append(
        Lifecycle.Later(key: key, value: field.value, provenance: field.provenance))
    }
  }

  /// The fields that are not compared; each must exist.
  private mutating func ignored(_ mapping: Int32, _ lifecycle: inout Lifecycle) {
    let entries = reader.tree.entries(of: mapping)
    guard let list = entries.first(where: { key($0.key) == "ignore" })?.value else { return }
    for item in reader.tree.elements(of: list) where reader.tree.kind(item) == .scalar {
      let text = reader.tree.string(item)
      let path = ManifestDecoder.fieldPath(text)
      let known = schema.tree(.collection).node(at: path)
      if known == nil || path.segments.isEmpty {
        let paths = collectionKind.nodes.map(\.path.description)
        report(Messages.unknownIgnoredPath(text, among: paths, at: span(item)))
      } else {
        lifecycle.ignore.append(path)
      }
    }
    lifecycle.ignore.sort()
  }

  /// A path as `FieldPath` prints it: dotted, with quotes around segments that hold dots.
  static func fieldPath(_ text: String) -> FieldPath {
    var segments: [ExactString] = []
    var current = String.UnicodeScalarView()
    var isQuoted = false
    for scalar in text.unicodeScalars {
      if scalar == "\"" {
        isQuoted.toggle()
      } else if scalar == ".", !isQuoted {
        segments.append(ExactString(String(current)))
        current = String.UnicodeScalarView()
      } else {
        current.append(scalar)
      }
    }
    if !text.isEmpty { segments.append(ExactString(String(current))) }
    return FieldPath(segments)
  }
}
