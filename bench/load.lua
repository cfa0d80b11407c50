-- Asks for the paths of a file in turn, and tells how many answers there were.
local paths, asked = {}, 0

function init(args)
   for path in io.lines(args[1]) do
      paths[#paths + 1] = wrk.format("GET", path)
   end
end

function request()
   asked = asked + 1
   return paths[(asked - 1) % #paths + 1]
end

function done(summary, _, _)
   local errors = summary.errors
   local lost = errors.connect + errors.read + errors.write + errors.timeout
   io.write(string.format('\nBURST {"requests": %d, "microseconds": %d, "refused": %d, "lost": %d}\n',
      summary.requests, summary.duration, errors.status, lost))
end
