// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A host that is no Kafka broker: it accepts connections, hears what is said, and answers each with
// the same words, or with nothing for ever.
// Thread contract: one thread of its own, from construction to destruction; loopback only.
// Bound: its callers' connections.
#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace weir::test {

class Stranger {
  public:
    enum class After { HangsUp, Stays };
    /// Answers with `words` once something was said to it; empty: never says a word.
    explicit Stranger(std::string words = {}, After after = After::Stays);
    ~Stranger();
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;

    /// "127.0.0.1:PORT"
    std::string address() const { return "127.0.0.1:" + std::to_string(m_port); }
    /// How often something was said to it.
    int calls() const { return m_calls; }

  private:
    void serve();

    const std::string m_words;
    const After m_after;
    int m_listener = -1;
    int m_end[2] = {-1, -1}; // a pipe that ends serve()
    int m_port = 0;
    std::atomic<int> m_calls{0};
    std::thread m_thread;
};

} // namespace weir::test
