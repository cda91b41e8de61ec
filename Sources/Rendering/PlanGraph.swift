import Diagnostics
import JSON
package import Planning
import ResourceModel

/// The ordered steps of a plan as a graph: an edge leads from what is needed to what needs it.
///
/// Names come from servers and manifests and are not trusted: ids are made of numbers only, and
/// labels hold no character that could end them.
package struct PlanGraph: Sendable {
  private let plan: Plan

  package init(_ plan: Plan) { self.plan = plan }

  /// The clusters that have steps, in the order of their first step.
  private var groups: [(cluster: String, steps: [Step])] {
    var order: [String] = []
    for step in plan.steps
    where !order.contains(where: { $0.hasSameBytes(as: step.address.cluster) }) {
      order.append(step.address.cluster)
    }
    return order.map { name in
      (name, plan.steps.filter { $0.address.cluster.hasSameBytes(as: name) })
    }
  }

  private func label(_ step: Step) -> String {
    "\(step.id) \(step.operation.action.rawValue) \(step.address.local)"
  }

  /// For Graphviz.
  package var dot: String {
    var text = "digraph plan {\n  rankdir=LR;\n  node [shape=box];\n"
    for (number, group) in groups.enumerated() {
      text += "  subgraph cluster_\(number) {\n    label=\(PlanGraph.dotText(group.cluster));\n"
      for step in group.steps {
        let style = step.phase == .irreversible ? ", style=dashed" : ""
        text += "    \(step.id) [label=\(PlanGraph.dotText(label(step)))\(style)];\n"
      }
      text += "  }\n"
    }
    for (need, step) in edges { text += "  \(need) -> \(step);\n" }
    return text + "}\n"
  }

  /// For Mermaid, as forges draw it.
  package var mermaid: String {
    var text = "flowchart LR\n"
    for (number, group) in groups.enumerated() {
      text += "  subgraph c\(number)[\(PlanGraph.mermaidText(group.cluster))]\n"
      for step in group.steps {
        text += "    \(step.id)[\(PlanGraph.mermaidText(label(step)))]\n"
      }
      text += "  end\n"
    }
    for (need, step) in edges { text += "  \(need) --> \(step)\n" }
    return text
  }

  private var edges: [(StepID, StepID)] {
    plan.steps.flatMap { step in step.needs.sorted().map { ($0, step.id) } }
  }

  /// A quoted text of DOT; the backslash would begin an escape such as `\N`.
  static func dotText(_ text: String) -> String {
    var result = "\""
    for scalar in Sanitizer.line(text).unicodeScalars {
      if scalar == "\"" || scalar == "\\" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }

  /// A quoted text of Mermaid: all but letters, digits and a few marks by their numbers, since
  /// labels are read as Markdown and HTML.
  static func mermaidText(_ text: String) -> String {
    var result = "\""
    for scalar in Sanitizer.line(text).unicodeScalars {
      let isPlain =
        scalar.value < 0x80
        ? scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || " /._-".unicodeScalars.contains(scalar)
        : true
      if isPlain {
        result.unicodeScalars.append(scalar)
      } else {
        result += "#\(scalar.value);"
      }
    }
    return result + "\""
  }
}
