// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a stage made of one record, held until it is known to be whole.
// Thread contract: one owner; reused from record to record. Bound: a record that goes out is as
// large as its topic takes; a larger one makes the whole a failure (too_large).
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

class CollectedOutput final : public StageOutput {
  public:
    struct Entry {
        enum class Kind : std::uint8_t { Record, NewRecord, State };
        Kind kind = Kind::Record;
        std::string topic;
        std::string key;
        std::string value;
        bool value_null = false;
        std::vector<std::pair<std::string, std::string>> headers{}; // of its own
    };
    struct Failure {
        std::string reason;
        std::string pointer;
        std::string message;
    };

    explicit CollectedOutput(std::string state_topic)
        : m_state_topic(std::move(state_topic)) {}

    /// What topics take of a record, in bytes of key, value and headers; others take what is usual.
    void set_limits(std::map<std::string, std::size_t> limits) { m_limits = std::move(limits); }
    std::size_t limit_of(const std::string& topic) const;

    void clear();
    /// All is put out. `carried_bytes`: of the headers that a record gets besides its own.
    void close(std::size_t carried_bytes);

    void emit(std::string_view topic, std::string_view key, std::string_view value,
              bool original) override;
    void header(std::string_view name, std::string_view value) override;
    void remember(std::string_view key, std::optional<std::string_view> value) override;
    void filter(FilterKind kind) override { m_filtered = kind; }
    void fail(std::string_view reason, std::string_view pointer, std::string_view message) override;

    const std::vector<Entry>& entries() const { return m_entries; }
    const std::optional<FilterKind>& filtered() const { return m_filtered; }
    const std::optional<Failure>& failure() const { return m_failure; }

  private:
    const std::string m_state_topic;
    std::map<std::string, std::size_t> m_limits;
    std::vector<Entry> m_entries;
    std::optional<FilterKind> m_filtered;
    std::optional<Failure> m_failure;
};

} // namespace weir::sandbox
