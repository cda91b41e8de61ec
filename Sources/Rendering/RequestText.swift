import Diagnostics
import JSON
import ResourceModel

/// A request in one line.
enum RequestText {
  static func line(_ request: RequestPreview) -> String {
    let body = request.body.map { " " + $0.text() } ?? ""
    return Sanitizer.line("\(request.method) \(request.target)\(body)")
  }
}
