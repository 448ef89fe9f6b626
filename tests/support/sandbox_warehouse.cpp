// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sandbox_warehouse.h"

#include <QtGlobal>

namespace weir::test {

using namespace warehouse;
using namespace std::chrono_literals;

ConnectionOptions new_sandbox_warehouse(PostgresServer* server, const QString& folder) {
    static int count = 0;
    ConnectionOptions options;
    if (server != nullptr) {
        options = server->connection(server->new_database(), Environment::Sandbox);
    } else {
        options.name = "test-sqlite";
        options.environment = Environment::Sandbox;
        options.address =
            "sqlite:" + folder.toStdString() + "/sandbox-" + std::to_string(++count) + ".sqlite";
    }
    if (const auto marked = init_sandbox_database(options, {}, {}, 20s); !marked)
        qFatal("%s", marked.error().text().c_str());
    return options;
}

std::unique_ptr<WritableWarehouse> write_to(const ConnectionOptions& connection) {
    const auto ticket = prove_sandbox_database(connection, {}, 20s);
    if (!ticket)
        qFatal("%s", ticket.error().text().c_str());
    auto opened = WritableWarehouse::open(*ticket, 20s);
    if (!opened)
        qFatal("%s", opened.error().text().c_str());
    return std::move(*opened);
}

} // namespace weir::test
