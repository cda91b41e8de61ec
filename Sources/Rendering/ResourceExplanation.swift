import Diagnostics
import JSON
package import Planning
package import ResourceModel

/// Where the values of one resource come from.
package struct ResourceExplanation: Sendable {
  private let resource: DesiredResource
  private let locate: Planner.Locate

  package init(_ resource: DesiredResource, locate: @escaping Planner.Locate) {
    self.resource = resource
    self.locate = locate
  }

  /// A line a value, with its chain.
  package var text: String {
    let place = locate(resource.span).map { "  \($0)" } ?? ""
    var lines = ["\(Sanitizer.line(resource.address.description))\(Sanitizer.line(place))"]
    let life = resource.lifecycle.written.map { field in
      var field = field
      field.path = FieldPath(["lifecycle"] + field.path.segments)
      return field
    }
    let fields = resource.fields + life
    let width = fields.map { $0.path.description.count }.max() ?? 0
    for field in fields {
      let path = Sanitizer.line(field.path.description)
      let padding = String(repeating: " ", count: max(0, width - path.count))
      let position = locate(field.provenance.span).map { "\($0)" } ?? ""
      lines.append(
        "  \(path)\(padding) = \(ValueText.text(field.value))  \(Sanitizer.line(position))")
      lines += chain(field.provenance)
    }
    for child in resource.children {
      let position = locate(child.span).map { "  \($0)" } ?? ""
      lines.append("  \(Sanitizer.line(child.address.local))\(Sanitizer.line(position))")
      lines += chain(child.provenance)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Who said something about a value, the one that counts first.
  private func chain(_ provenance: Provenance) -> [String] {
    provenance.chain.reversed().enumerated().map { index, link in
      let position = locate(link.span).map { "  \($0)" } ?? ""
      return "      \(index == 0 ? "by" : "over") \(Sanitizer.line(link.description + position))"
    }
  }
}
