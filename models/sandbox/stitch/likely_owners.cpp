// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/stitch/likely_owners.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <set>
#include <span>
#include <vector>

#include "models/sandbox/warehouse/schema.h"

namespace weir::sandbox {
namespace {

using warehouse::Page;
using warehouse::Value;
using warehouse::WritableWarehouse;
using Texts = std::set<std::string>;
using EachRow = std::function<void(std::span<const Value>)>;

constexpr std::size_t parameters_max = 500;
constexpr double likely_at_most = 0.99;

/// Runs a statement whose last word is "IN (…)" with all of the texts, some at a time.
Result<void> for_rows(WritableWarehouse& db, const std::string& begin, const Texts& among,
                      const std::string& end, const EachRow& each) {
    for (auto at = among.begin(); at != among.end();) {
        std::vector<Value> parameters;
        std::string list;
        for (; at != among.end() && parameters.size() < parameters_max; ++at) {
            parameters.push_back(Value::of(std::string_view(*at)));
            list += (list.empty() ? "$" : ",$") + std::to_string(parameters.size());
        }
        const auto rows = db.execute(begin + " IN (" + list + ")" + end, parameters);
        if (!rows)
            return rows.error();
        for (std::size_t i = 0; i < rows->rows.rows(); ++i)
            each(rows->rows.row(i));
    }
    return {};
}

std::string text_at(std::span<const Value> row, std::size_t column) {
    return std::string(row[column].text);
}

class LikelyOwners {
  public:
    LikelyOwners(WritableWarehouse& db, Micros now)
        : m_db(db)
        , m_now(now) {}

    Result<void> find(const std::map<std::string, std::int64_t>& fresh) {
        if (auto found = find_devices(fresh); !found)
            return found;
        if (auto gone = for_rows(m_db,
                                 "DELETE FROM " + m_db.quoted(identities_table) +
                                     " WHERE method = 'probabilistic' AND anonymous_id",
                                 m_devices, "", [](auto) {});
            !gone)
            return gone;
        if (auto left = leave_out_known(); !left)
            return left;
        if (auto seen = find_signals(); !seen)
            return seen;
        return write();
    }

  private:
    const std::string& signals() const { return m_table; }

    /// Devices of whom something may have changed: not those of an old crowd.
    Result<void> find_devices(const std::map<std::string, std::int64_t>& fresh) {
        Texts all;
        Texts telling;
        for (const auto& [signal, devices] : fresh)
            all.insert(signal);
        auto counted = for_rows(
            m_db, "SELECT signal, count(DISTINCT anonymous_id) FROM " + signals() + " WHERE signal",
            all, " GROUP BY signal", [&](std::span<const Value> row) {
                std::string signal = text_at(row, 0);
                if (row[1].integer - fresh.at(signal) <= sharers_max)
                    telling.insert(std::move(signal));
            });
        if (!counted)
            return counted;
        return for_rows(m_db, "SELECT DISTINCT anonymous_id FROM " + signals() + " WHERE signal",
                        telling, "", [&](auto row) { m_devices.insert(text_at(row, 0)); });
    }

    /// Of what is known nothing is likely.
    Result<void> leave_out_known() {
        Texts known;
        const EachRow note = [&](std::span<const Value> row) { known.insert(text_at(row, 0)); };
        auto asked = for_rows(m_db,
                              "SELECT anonymous_id FROM " + m_db.quoted(identities_table) +
                                  " WHERE method = 'deterministic' AND anonymous_id",
                              m_devices, "", note);
        if (asked)
            asked = for_rows(m_db,
                             "SELECT anonymous_id FROM " + signals() +
                                 " WHERE user_id IS NOT NULL AND anonymous_id",
                             m_devices, "", note);
        for (const std::string& device : known)
            m_devices.erase(device);
        return asked;
    }

    Result<void> find_signals() {
        Texts all;
        auto asked = for_rows(
            m_db,
            "SELECT anonymous_id, signal, first_seen_at FROM " + signals() + " WHERE anonymous_id",
            m_devices, "", [&](std::span<const Value> row) {
                m_signals_of[text_at(row, 0)][text_at(row, 1)] = Micros(row[2].integer);
                all.insert(text_at(row, 1));
            });
        Texts telling;
        if (asked)
            asked = for_rows(m_db, "SELECT signal FROM " + signals() + " WHERE signal", all,
                             " GROUP BY signal HAVING count(DISTINCT anonymous_id) <= " +
                                 std::to_string(sharers_max),
                             [&](auto row) { telling.insert(text_at(row, 0)); });
        if (asked)
            asked = for_rows(m_db,
                             "SELECT signal, user_id FROM " + signals() +
                                 " WHERE user_id IS NOT NULL AND signal",
                             telling, "", [&](std::span<const Value> row) {
                                 m_users_of[text_at(row, 0)].insert(text_at(row, 1));
                             });
        return asked;
    }

    struct Likely {
        double not_them = 1; // how likely it is that it is somebody else
        int signals = 0;
        Micros first{INT64_MAX};
        Micros last{0};
    };

    std::map<std::string, Likely>
    owners_of(const std::map<std::string, Micros>& device_signals) const {
        std::map<std::string, Likely> owners;
        for (const auto& [signal, seen] : device_signals) {
            const auto users = m_users_of.find(signal);
            if (users == m_users_of.end())
                continue;
            for (const std::string& user : users->second) {
                Likely& likely = owners[user];
                likely.not_them *= 1 - 0.5 / static_cast<double>(users->second.size());
                ++likely.signals;
                likely.first = std::min(likely.first, seen);
                likely.last = std::max(likely.last, seen);
            }
        }
        return owners;
    }

    Result<void> write() {
        Page page = Page::of({"anonymous_id", "user_id", "method", "confidence", "evidence",
                              "first_seen_at", "last_seen_at", "updated_at"});
        for (const auto& [device, device_signals] : m_signals_of)
            for (const auto& [user, likely] : owners_of(device_signals)) {
                const double confidence = std::min(1 - likely.not_them, likely_at_most);
                if (confidence < confidence_min)
                    continue;
                std::array<char, 16> digits{};
                const auto end = std::to_chars(digits.data(), digits.data() + digits.size(),
                                               confidence, std::chars_format::fixed, 4);
                page.add(Value::of(std::string_view(device)));
                page.add(Value::of(std::string_view(user)));
                page.add(Value::of("probabilistic"));
                page.add({warehouse::ValueKind::Real, 0, {digits.data(), end.ptr}});
                page.add(Value::of(std::string_view(std::to_string(likely.signals) +
                                                    (likely.signals == 1 ? " signal" : " signals") +
                                                    " shared with this user's devices")));
                page.add(Value::of(likely.first));
                page.add(Value::of(likely.last));
                page.add(Value::of(m_now));
            }
        return m_db.append(identities_table, page);
    }

    WritableWarehouse& m_db;
    const Micros m_now;
    const std::string m_table = m_db.quoted(identity_signals_table);
    Texts m_devices;
    std::map<std::string, std::map<std::string, Micros>> m_signals_of; // by device
    std::map<std::string, Texts> m_users_of;                           // by signal
};

} // namespace

Result<void> find_likely_owners(WritableWarehouse& db,
                                const std::map<std::string, std::int64_t>& fresh, Micros now) {
    return fresh.empty() ? Result<void>() : LikelyOwners(db, now).find(fresh);
}

} // namespace weir::sandbox
