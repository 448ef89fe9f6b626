// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/records_output.h"

#include "app/cli/target.h"
#include "connectors/warehouse/sandbox/sandbox.h"

namespace weir::cli {

Result<RecordsOutput> RecordsOutput::open(const Arguments& arguments) {
    if (!arguments.has("records"))
        return RecordsOutput();
    const auto timeout = duration_of(arguments, "timeout", Micros(10'000'000));
    if (!timeout)
        return timeout.error();
    const std::chrono::milliseconds wait(timeout->ms());
    warehouse::ConnectionOptions connection;
    connection.name = "records";
    connection.address = arguments.value("records");
    connection.password.text = arguments.value("records-password");
    connection.environment = Environment::Sandbox; // prove_sandbox_database() believes its marker
    if (const auto checked = warehouse::check_address(connection.address); !checked)
        return checked.error();
    const auto ticket = warehouse::prove_sandbox_database(
        connection, command_line_secrets(arguments, connection.name), wait);
    if (!ticket)
        return ticket.error();
    return into(*ticket, wait);
}

Result<RecordsOutput> RecordsOutput::into(const warehouse::DatabaseTicket& ticket,
                                          std::chrono::milliseconds wait) {
    auto opened = warehouse::WritableWarehouse::open(ticket, wait);
    if (!opened)
        return opened.error();
    RecordsOutput output;
    output.m_servers = std::make_unique<sandbox::ServerSide>(std::move(*opened));
    return output;
}

Result<void> RecordsOutput::idle() {
    const auto now = std::chrono::steady_clock::now();
    if (!m_servers || m_servers->waiting() == 0 || now - m_flushed < std::chrono::seconds(1))
        return {};
    m_flushed = now;
    return m_servers->flush();
}

} // namespace weir::cli
