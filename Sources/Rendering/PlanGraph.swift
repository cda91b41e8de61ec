import Diagnostics
package import Planning
import ResourceModel

/// The steps of a plan as a graph: an arrow from what must be done before to what follows.
///
/// Names come from servers and manifests and are not trusted: in neither form can a quote, a line
/// break or markup end its label.
package struct PlanGraph: Sendable {
  /// The languages that a graph is written in.
  package enum Form: String, Sendable, CaseIterable {
    case dot
    case mermaid
  }

  private let plan: Plan

  package init(_ plan: Plan) { self.plan = plan }

  /// The whole graph: groups by cluster, steps in the order of execution, then the arrows.
  package func text(_ form: Form) -> String {
    let opening = form == .dot ? ["digraph plan {", "  rankdir=LR;"] : ["flowchart LR"]
    var lines = opening
    for (index, cluster) in clusters.enumerated() {
      lines += PlanGraph.opening(of: cluster, index, form)
      for step in plan.steps where step.address.cluster == cluster {
        lines.append("    " + PlanGraph.node(step, form))
      }
      lines.append(form == .dot ? "  }" : "  end")
    }
    for step in plan.steps {
      for need in step.needs.sorted() {
        lines.append(
          form == .dot ? "  \(need) -> \(step.id);" : "  \(need) --> \(step.id)")
      }
    }
    lines.append(
      form == .dot ? "}" : "  classDef irreversible stroke-width:3px,stroke-dasharray:5")
    return lines.joined(separator: "\n") + "\n"
  }

  /// In the order of their first steps.
  private var clusters: [String] {
    var names: [String] = []
    for step in plan.steps where !names.contains(step.address.cluster) {
      names.append(step.address.cluster)
    }
    return names
  }

  private static func opening(of cluster: String, _ index: Int, _ form: Form) -> [String] {
    switch form {
    case .dot: ["  subgraph cluster_\(index) {", "    label=\(quoted(cluster, form));"]
    case .mermaid: ["  subgraph cluster_\(index)[\(quoted(cluster, form))]"]
    }
  }

  /// A step that cannot be undone is drawn with a heavy, broken line.
  private static func node(_ step: Step, _ form: Form) -> String {
    let action =
      switch step.operation.action {
      case .create: "create"
      case .update: "change"
      case .delete: "remove"
      }
    let label = quoted("\(step.id) \(action) \(step.address.local)", form)
    let isFinal = step.phase == .irreversible
    return switch form {
    case .dot: "\(step.id) [label=\(label)\(isFinal ? ", style=\"bold,dashed\"" : "")];"
    case .mermaid: "\(step.id)[\(label)]\(isFinal ? ":::irreversible" : "")"
    }
  }

  private static func quoted(_ text: String, _ form: Form) -> String {
    let line = Sanitizer.line(text)
    return "\"" + (form == .dot ? escapedForDOT(line) : escapedForMermaid(line)) + "\""
  }

  /// Graphviz reads backslashes and HTML's entities within quotes.
  private static func escapedForDOT(_ line: String) -> String {
    var result = ""
    for scalar in line.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\" + String(scalar)
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Mermaid draws labels as HTML and knows `#34;`: every ASCII sign that could mean something is
  /// written by its number.
  private static func escapedForMermaid(_ line: String) -> String {
    var result = ""
    for scalar in line.unicodeScalars {
      let isPlain =
        scalar.value >= 0x80 || scalar.properties.isAlphabetic
        || ("0"..."9").contains(scalar) || " /._-".unicodeScalars.contains(scalar)
      if isPlain {
        result.unicodeScalars.append(scalar)
      } else {
        result += "#\(scalar.value);"
      }
    }
    return result
  }
}
