// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PostgreSQL by libpq, "postgresql://…" or "postgres://…". A database's id is the cluster's
// system identifier with the database's number in it, so that a dump that was restored elsewhere,
// or a database made from a template, is another one.
//
// Parameters of an address pass an allow-list: it may come from anybody's workspace, and libpq
// knows some that read files or change what a connection is (service, passfile, replication).
//
// Thread contract: constant; sessions as kind.h says.
#pragma once

#include "connectors/warehouse/kind/kind.h"

namespace weir::warehouse {

const Kind& postgresql_kind();

} // namespace weir::warehouse
