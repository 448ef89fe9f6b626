// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/server_side.h"

#include "models/sandbox/warehouse/schema.h"

namespace weir::sandbox {

namespace {

using warehouse::Page;
using warehouse::Value;

Page no_orders() {
    return Page::of({"order_id", "user_id", "ordered_at", "amount", "currency", "platform",
                     "status", "updated_at"});
}

Page no_users() {
    return Page::of({"user_id", "signed_up_at", "platform", "updated_at"});
}

} // namespace

ServerSide::ServerSide(std::unique_ptr<warehouse::WritableWarehouse> warehouse)
    : m_warehouse(std::move(warehouse))
    , m_orders(no_orders())
    , m_users(no_users()) {}

void ServerSide::add(const synth::OrderTruth& order) {
    synth::JsonBuffer amount;
    amount.cents(order.total_cents);
    for (const Value& value : {Value::of(order.id), Value::of(order.user), Value::of(order.time),
                               Value::decimal(amount.view()), Value::of(order.currency),
                               Value::of(order.platform), Value::of("paid"), Value::of(order.time)})
        m_orders.add(value);
}

void ServerSide::add(const synth::UserTruth& user) {
    for (const Value& value :
         {Value::of(user.id), Value::of(user.time), Value::of(user.platform), Value::of(user.time)})
        m_users.add(value);
}

Result<void> ServerSide::flush() {
    if (!m_users.empty()) {
        const auto written = m_warehouse->insert_new(users_table, "user_id", m_users);
        if (!written)
            return written.error();
        m_users = no_users();
    }
    if (m_orders.empty())
        return {};
    const auto written = m_warehouse->insert_new(orders_table, "order_id", m_orders);
    if (!written)
        return written.error();
    m_orders = no_orders();
    return {};
}

} // namespace weir::sandbox
