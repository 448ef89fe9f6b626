// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/warehouse_reading.h"

#include "connectors/warehouse/place/row_json.h"
#include "tests/support/process.h"

namespace weir::test {

namespace {

std::vector<std::string> python_command(const std::string& file, const std::string& script) {
    return {"python3", "-c",
            "import os, sys, time, sqlite3\n"
            "db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)\n" +
                script,
            file};
}

} // namespace

std::string read_all(warehouse::Rows& rows) {
    std::string text;
    for (;;) {
        const auto page = rows.next();
        if (!page)
            return text + to_word(page.error().code) + ": " + page.error().text() + "\n";
        if (page->empty())
            return text;
        for (std::size_t i = 0; i < page->rows(); ++i) {
            warehouse::append_row_json(page->columns(), page->row(i), text);
            text += '\n';
        }
    }
}

std::string query(warehouse::Warehouse& warehouse, const std::string& sql,
                  std::vector<warehouse::Parameter> parameters, std::chrono::milliseconds timeout) {
    warehouse::Query asked{sql, std::move(parameters), {}};
    asked.limits.timeout = timeout;
    return read_all(*warehouse.query(std::move(asked)));
}

Error query_error(warehouse::Warehouse& warehouse, const std::string& sql,
                  std::chrono::milliseconds timeout) {
    warehouse::Query asked{sql, {}, {}};
    asked.limits.timeout = timeout;
    const auto rows = warehouse.query(std::move(asked));
    for (;;) {
        const auto page = rows->next();
        if (!page)
            return page.error();
        if (page->empty())
            return {};
    }
}

Result<std::string> python_on(const std::string& file, const std::string& script) {
    return run(python_command(file, script), 60);
}

Result<int> python_beside(const std::string& file, const std::string& script,
                          const std::string& output) {
    return spawn(python_command(file, script), output);
}

} // namespace weir::test
