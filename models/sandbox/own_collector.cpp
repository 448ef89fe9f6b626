// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/own_collector.h"

#include "models/sandbox/contract_judge.h"

namespace weir::sandbox {

namespace {

constexpr std::chrono::seconds answer_margin{5}; // behind which the outlet has given a batch up

} // namespace

OwnCollector::OwnCollector(std::unique_ptr<Outlet> outlet, CollectorFeed::Options feed,
                           std::chrono::milliseconds ack_wait)
    : m_outlet(std::move(outlet))
    , m_ack_wait(ack_wait)
    , m_collector({}, *m_outlet,
                  [shelf = std::make_shared<ContractShelf>(ContractSet::built_in())] {
                      return std::make_unique<ContractJudge>(shelf, WithoutContract::Refuse);
                  })
    , m_feed(m_collector, std::move(feed)) {}

OwnCollector::~OwnCollector() {
    m_outlet->flush(m_ack_wait + answer_margin); // answers lead to the collector, which goes first
}

Result<std::unique_ptr<OwnCollector>> OwnCollector::open(const kafka::SandboxTicket& ticket,
                                                         const OutletOptions& outlet,
                                                         CollectorFeed::Options feed,
                                                         std::chrono::milliseconds timeout) {
    auto opened = Outlet::open(ticket, outlet, timeout);
    if (!opened)
        return opened.error();
    return std::unique_ptr<OwnCollector>(
        new OwnCollector(std::move(*opened), std::move(feed), outlet.ack_wait));
}

} // namespace weir::sandbox
