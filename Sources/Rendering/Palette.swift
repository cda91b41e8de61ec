/// Colours that repeat what the symbols say; none at all when they are off.
package struct Palette: Sendable {
  package var isOn: Bool

  package init(isOn: Bool) { self.isOn = isOn }

  func paint(_ text: String, _ symbol: PlanView.Symbol) -> String {
    switch symbol {
    case .add: wrap(text, "32")
    case .change: wrap(text, "33")
    case .remove, .replace: wrap(text, "31")
    case .refuse: wrap(text, "35")
    }
  }

  func bold(_ text: String) -> String { wrap(text, "1") }
  func dim(_ text: String) -> String { wrap(text, "2") }

  private func wrap(_ text: String, _ code: String) -> String {
    isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
