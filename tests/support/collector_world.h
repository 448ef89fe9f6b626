// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A collector without a socket and without a broker: requests go in, answers come out, and what the
// broker would have got can be looked at.
// Thread contract: one thread.
#pragma once

#include <future>

#include "models/sandbox/collector.h"
#include "models/sandbox/contract_judge.h"

namespace weir::test {

using namespace weir::sandbox;

/// A broker that is told how to behave, and remembers what it was given.
class FakeOutlet final : public Outlet {
  public:
    explicit FakeOutlet(OutletLimits limits)
        : told(limits) {}
    struct Record {
        Topic topic;
        std::string key;
        std::string value;
    };
    OutletLimits limits() const override { return told; }
    void write(const std::vector<OutgoingRecord>& records, Done done) override {
        WriteResult result = how;
        for (std::size_t i = 0; how == Written::Yes && i < records.size(); ++i) {
            const OutgoingRecord& r = records[i];
            if (r.key.size() + r.value.size() > taken_bytes_max)
                result.too_large.push_back(i);
            else
                written.push_back({r.topic, std::string(r.key), std::string(r.value)});
        }
        done(result);
    }
    bool flush(std::chrono::milliseconds) override { return true; }
    OutletStats stats() const override { return {}; }

    std::vector<Record> of(Topic topic) const {
        std::vector<Record> found;
        for (const Record& r : written)
            if (r.topic == topic)
                found.push_back(r);
        return found;
    }
    Written how = Written::Yes;
    OutletLimits told; // when the collector was opened
    std::size_t taken_bytes_max = SIZE_MAX;
    std::vector<Record> written;
};

inline http::Request post(const std::string& path, const std::string& body,
                          std::vector<http::Header> headers = {}) {
    http::Request request;
    request.method = "POST";
    const std::size_t mark = std::min(path.find('?'), path.size());
    request.path = path.substr(0, mark);
    if (mark < path.size())
        request.query = path.substr(mark + 1);
    request.body = body;
    request.headers = std::move(headers);
    request.remote = "127.0.0.1";
    request.received = Micros(1'780'000'000'123'456); // 2026-05-28T20:26:40.123456Z
    return request;
}

inline http::Request get(const std::string& path) {
    http::Request request = post(path, {});
    request.method = "GET";
    return request;
}

inline std::string header(const http::Response& response, const std::string& name) {
    for (const http::Header& h : response.headers)
        if (h.name == name)
            return h.value;
    return {};
}

struct World {
    explicit World(
        CollectorOptions options = {},
        JudgeMaker judges = [] { return std::make_unique<PolicyJudge>(WithoutContract::Pass); },
        OutletLimits limits = {})
        : outlet(limits)
        , collector(options, outlet, std::move(judges)) {}

    http::Response ask(http::Request&& request) {
        std::promise<http::Response> answer;
        collector.handle(std::move(request), http::Responder([&](http::Response&& response) {
                             answer.set_value(std::move(response));
                         }));
        return answer.get_future().get();
    }
    FakeOutlet outlet;
    Collector collector;
};

/// Judges by these contracts; events that none knows pass.
inline JudgeMaker by_contracts(std::shared_ptr<const ContractSet> contracts) {
    const auto shelf = std::make_shared<ContractShelf>(std::move(contracts));
    return [shelf] { return std::make_unique<ContractJudge>(shelf, WithoutContract::Pass); };
}

} // namespace weir::test
