-- SPDX-License-Identifier: Apache-2.0
-- Refreshes sessions in turn: the arguments are a file of refresh tokens, one a line, and the number of threads.
-- Each thread has sessions of its own, more than requests in flight; none is refreshed twice at once.
local threads = 0
local failures = {}

function setup(thread)
   thread:set("number", threads)
   threads = threads + 1
   table.insert(failures, thread)
end

function init(arguments)
   -- A session in flight is in neither list: it comes back with its answer.
   tokens, first, last, refused = {}, 1, 0, 0
   local line_number, count = 0, tonumber(arguments[2])
   for line in io.lines(arguments[1]) do
      if line_number % count == number then
         last = last + 1
         tokens[last] = line
      end
      line_number = line_number + 1
   end
end

function request()
   local token = tokens[first]
   tokens[first] = nil
   first = first + 1
   return wrk.format("POST", "/refresh", {["Content-Type"] = "application/x-www-form-urlencoded"}, "refresh_token=" .. token)
end

function response(status, _, body)
   local token = body:match('"refresh_token":"([^"]+)"')
   if status == 200 and token then
      last = last + 1
      tokens[last] = token
   else
      refused = refused + 1
   end
end

function done()
   local sum = 0
   for _, thread in ipairs(failures) do sum = sum + thread:get("refused") end
   print("Refused: " .. sum)
end
