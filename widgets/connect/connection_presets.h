// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where to begin when a connection is new: what usual kinds of Kafka ask for, so that only what is
// one's own has to be entered.
// Thread contract: plain values.
#pragma once

#include <QString>

#include <vector>

#include "connectors/kafka/connection.h"

namespace weir {

struct ConnectionPreset {
    QString title;
    QString name;    // proposed for the connection; empty: none
    QString address; // "" where it is one's own
    QString address_hint;
    QString user;
    QString user_hint;
    QString note; // what to enter where
    kafka::Protocol protocol = kafka::Protocol::Plaintext;
    kafka::Mechanism mechanism = kafka::Mechanism::Plain;
};

/// The first one is one's own: nothing is filled in.
const std::vector<ConnectionPreset>& connection_presets();

} // namespace weir
