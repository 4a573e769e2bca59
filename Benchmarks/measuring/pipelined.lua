-- SPDX-License-Identifier: Apache-2.0
-- wrk sends sixteen requests at once, and the next sixteen when all are answered.

local batch

function init()
    local one = wrk.format("GET")
    batch = string.rep(one, 16)
end

function request()
    return batch
end
