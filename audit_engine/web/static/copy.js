/* A button that prints the page, and one beside each table and list that puts it on the clipboard. */
(function () {
  "use strict";
  document.querySelectorAll("[data-print]").forEach(function (place) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "link-button link-button--plain";
    button.textContent = "Print this page";
    button.addEventListener("click", function () { print(); });
    place.append(" ", button);
  });
  if (!navigator.clipboard) { return; }

  function text(source) {
    if (source.tagName === "TEXTAREA") { return source.value; }
    return Array.from(source.rows, function (row) {
      return Array.from(row.cells, function (cell) { return cell.textContent.trim().replace(/\s+/g, " "); }).join("\t");
    }).join("\n");
  }

  document.querySelectorAll("[data-copy]").forEach(function (place) {
    var source = document.getElementById(place.dataset.copy);
    if (!source) { return; }
    var button = document.createElement("button");
    var told = document.createElement("span");
    button.type = "button";
    button.className = "link-button link-button--plain";
    button.textContent = place.dataset.copyWords || "Copy the table";
    told.className = "note";
    told.setAttribute("role", "status");
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(text(source)).then(
        function () { told.textContent = " Copied."; },
        function () { told.textContent = " This browser did not allow copying."; }
      );
    });
    place.append(button, told);
  });
}());
