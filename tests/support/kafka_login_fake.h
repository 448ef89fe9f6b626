// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A broker on the loopback that knows of Kafka no more than the login by SCRAM-SHA-256, and sends
// back whatever comes after it. It can be wrong in one way of choice. Its SCRAM is written with
// Qt's hashes, so that the one under test is not checked against itself.
//
// Thread contract: FakeLogin by one thread; everything of FakeBroker from the test's thread, it
// serves on one of its own, one connection after the other.
#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace weir::test {

enum class LoginFault {
    None,
    OtherNonce,     // the challenge belongs to another login
    WrongSignature, // it does not know the password
    NoSignature,    // it does not even try
    FewIterations,  // 4095
    SlowSalt,       // slow_iterations, which is no fault
    ManyIterations, // 1,000,001
    OtherMechanism, // it offers PLAIN only
    OldBroker,      // it does not know SaslAuthenticate
    WrongCorrelation,
    Garbage,    // bytes that are no frame
    HugeLength, // a frame of 2 GB is announced
    NegativeLength,
    CutFrame,   // hangs up in the midst of an answer
    ExtraBytes, // says more than it was asked
    HangsUp,    // takes the first question and goes
    Silent,
    ShortSession, // a login is good for one second
};

/// The user is "user", the password "pencil".
class FakeLogin {
  public:
    explicit FakeLogin(LoginFault fault = LoginFault::None)
        : m_fault(fault) {}
    /// The answer to one request, both without their length.
    std::string answer(const std::string& request);
    bool done() const { return m_done; }
    static constexpr int slow_iterations = 300'000;

  private:
    std::string challenge(const std::string& client_first);
    std::string verdict(const std::string& client_final);

    const LoginFault m_fault;
    std::string m_first_bare;
    std::string m_server_first;
    std::string m_nonce;
    int m_iterations = 0;
    bool m_done = false;
};

/// With its length in front.
std::string framed(const std::string& frame);

class FakeBroker {
  public:
    explicit FakeBroker(LoginFault fault = LoginFault::None);
    ~FakeBroker();
    FakeBroker(const FakeBroker&) = delete;
    FakeBroker& operator=(const FakeBroker&) = delete;

    int port() const { return m_port; }
    /// "127.0.0.1:PORT"
    std::string address() const { return "127.0.0.1:" + std::to_string(m_port); }
    /// Connections that came, and those that are over.
    int begun() const { return m_begun; }
    int ended() const { return m_ended; }
    int logins() const { return m_logins; }

  private:
    void serve();
    void serve_one(int socket);
    bool log_in(int socket);

    const LoginFault m_fault;
    int m_socket = -1;
    int m_port = 0;
    std::atomic<bool> m_stop{false};
    std::atomic<int> m_begun{0};
    std::atomic<int> m_ended{0};
    std::atomic<int> m_logins{0};
    std::thread m_thread;
};

} // namespace weir::test
