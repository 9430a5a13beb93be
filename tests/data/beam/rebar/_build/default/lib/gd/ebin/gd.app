{application,gd,
             [{description,"Git dep"},
              {vsn,"1.2.3"},
              {registered,[]},
              {applications,[kernel,stdlib]},
              {licenses,["Apache-2.0"]},
              {modules,[]}]}.
