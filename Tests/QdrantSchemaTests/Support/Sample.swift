import Diagnostics
import JSON
import QdrantSchema
import ResourceModel
import Testing

/// A collection for a test of rules: every value stands on a line of its own, in the order given.
///
/// Paths are dotted; those below `index.NAME` are an index's, and `shard_key.NAME`, `vectors.NAME`
/// and `sparse_vectors.NAME` make those things be asked for.
struct Sample: CustomTestStringConvertible, Sendable {
  private(set) var lines: [(path: String, value: JSONValue)]
  private(set) var absent: Set<String> = []
  private var gates: JSONValue?

  init(_ lines: KeyValuePairs<String, JSONValue>) { self.lines = lines.map { ($0.key, $0.value) } }

  var testDescription: String {
    lines.map { "\($0.path): \($0.value.text())" }.joined(separator: ", ")
  }

  /// The same with gates in its lifecycle.
  func gates(_ value: JSONValue) -> Sample {
    var sample = self
    sample.gates = value
    return sample
  }

  /// The same with a part that is asked to go: `sparse_vectors.a`.
  func removing(_ part: String) -> Sample {
    var sample = self
    sample.absent.insert(part)
    return sample
  }

  var collection: DesiredResource {
    var resource = DesiredResource(
      address: .collection("c", cluster: "test"), span: Sample.span(line: 0))
    var children: [ResourceAddress: DesiredResource] = [:]
    for (index, line) in lines.enumerated() {
      let path = FieldPath(line.path)
      let span = Sample.span(line: index + 1)
      switch path.segments.first {
      case "index", "shard_key":
        let kind = path.segments[0] == "index" ? ResourceKind.index : .shardKey
        let address = ResourceAddress(
          kind: kind, collection: "c", name: path.segments[1], cluster: "test")
        let rest = FieldPath(Array(path.segments.dropFirst(2)))
        var child = children[address] ?? DesiredResource(address: address, span: span)
        child.isPresent = !absent.contains("\(path.segments[0]).\(path.segments[1])")
        child.fields += field(kind, rest, line.value, span)
        children[address] = child
      case "vectors", "sparse_vectors":
        let kind = path.segments[0] == "vectors" ? ResourceKind.vector : .sparseVector
        let element = FieldPath(Array(path.segments.prefix(2)))
        if !resource.elements.contains(where: { $0.path == element }) {
          resource.elements.append(
            DesiredElement(
              path: element, kind: kind,
              isPresent: !absent.contains(element.segments.map(\.string).joined(separator: ".")),
              span: span))
        }
        resource.fields += field(.collection, path, line.value, span)
      default: resource.fields += field(.collection, path, line.value, span)
      }
    }
    resource.children = children.values.sorted { $0.address < $1.address }
    if let gates {
      resource.lifecycle.later = [
        Lifecycle.Later(
          key: "gates", value: gates, provenance: Provenance(Sample.span(line: lines.count + 1)))
      ]
    }
    return resource
  }

  /// The line of a path, counted from 1.
  func line(_ path: String) -> Int32? {
    lines.firstIndex { $0.path == path }.map { Int32($0 + 1) }
  }

  private func field(
    _ kind: ResourceKind, _ path: FieldPath, _ value: JSONValue, _ span: SourceSpan
  ) -> [DesiredField] {
    guard let row = QdrantResources.schema.tree(kind).index(of: path) else { return [] }
    return [DesiredField(path: path, value: value, row: row, provenance: Provenance(span))]
  }

  private static func span(line: Int) -> SourceSpan {
    SourceSpan(file: 0, line: Int32(line), column: 1, endLine: Int32(line), endColumn: 2)
  }
}
